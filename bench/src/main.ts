// pnpm bench [suite…] [--quick] [--json FILE] [--chart FILE.svg|.html] [--browser PROGRAM] [--node PROGRAM]
// Every peer in the same run; medians and ratios.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { suites } from "./registry.ts";
import type { Report, SuiteReport } from "./report.ts";
import { printSuite, progressLine } from "./terminal.ts";

/** The suites that a page can run; the others need more than a browser has. */
const IN_BROWSER = ["aead", "kms"];

const { values, positionals } = parseArgs({
  options: {
    json: { type: "string" },
    chart: { type: "string" },
    browser: { type: "string" },
    node: { type: "string" },
    quick: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(", ")}. Suites: ${suites.map((suite) => suite.name).join(", ")}`);
  process.exit(2);
}
if (values.chart !== undefined && !/\.(svg|html)$/.test(values.chart)) {
  console.error("--chart: expected a file that ends with .svg or .html");
  process.exit(2);
}

if (values.node === undefined) {
  await writeReport(values.browser === undefined ? await runSuites() : await runPage(values.browser));
} else {
  const { runOnOtherNode } = await import("./other-node.ts");
  process.exitCode = await runOnOtherNode(values.node, parametersWithout("--node"));
}

async function runSuites(): Promise<Report> {
  const reports: SuiteReport[] = [];
  for (const suite of suites) {
    if (positionals.length > 0 && !positionals.includes(suite.name)) continue;
    const report = await suite.run(progressLine(suite.name), { quick: values.quick });
    reports.push(report);
    printSuite(report);
  }
  const runtime = { runtime: `node ${process.versions.node}`, v8: process.versions.v8 };
  return { machine: { ...machine(), ...runtime }, suites: reports };
}

async function runPage(program: string): Promise<Report> {
  if (!positionals.every((name) => IN_BROWSER.includes(name))) {
    console.error(`--browser: only these suites run in a browser: ${IN_BROWSER.join(", ")}`);
    process.exit(2);
  }
  const { runInBrowser } = await import("./browser/run.ts");
  const names = positionals.length === 0 ? IN_BROWSER : positionals;
  const { browser, suites } = await runInBrowser(program, names, progressLine, { quick: values.quick });
  for (const suite of suites) printSuite(suite);
  return { machine: { ...machine(), runtime: browser }, suites };
}

async function writeReport(report: Report): Promise<void> {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.chart === undefined) return;
  const { htmlOf, svgOf } = await import("./chart.ts");
  writeFileSync(values.chart, values.chart.endsWith(".svg") ? svgOf(report) : htmlOf(report));
}

function machine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** The command line without one option, given as `--name value` or `--name=value`. */
function parametersWithout(option: string): readonly string[] {
  const given = process.argv.slice(2);
  return given.filter(
    (parameter, index) =>
      parameter !== option && given[index - 1] !== option && !parameter.startsWith(`${option}=`),
  );
}
