// pnpm bench [suite…] [--json FILE] [--chart FILE] [--quick]: every peer in the same run; medians and ratios.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { suites } from "./registry.ts";
import type { Report, SuiteReport } from "./report.ts";
import { printSuite, progressLine } from "./terminal.ts";

const { values, positionals } = parseArgs({
  options: {
    json: { type: "string" },
    chart: { type: "string" },
    quick: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(", ")}. Suites: ${suites.map((suite) => suite.name).join(", ")}`);
  process.exit(2);
}

const reports: SuiteReport[] = [];
for (const suite of suites) {
  if (positionals.length > 0 && !positionals.includes(suite.name)) continue;
  const report = await suite.run(progressLine(suite.name), { quick: values.quick });
  reports.push(report);
  printSuite(report);
}

const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  runtime: `node ${process.versions.node}`,
  v8: process.versions.v8,
  platform: `${process.platform} ${process.arch}`,
};
const report: Report = { machine, suites: reports };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
