// pnpm bench [suite…] [--json FILE]: every peer in the same run; medians and ratios.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { suites } from "./registry.ts";
import { type Report, reached, type SuiteReport } from "./report.ts";

const { values, positionals } = parseArgs({ options: { json: { type: "string" } }, allowPositionals: true });
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(", ")}. Suites: ${suites.map((suite) => suite.name).join(", ")}`);
  process.exit(2);
}

const reports: SuiteReport[] = [];
for (const suite of suites) {
  if (positionals.length > 0 && !positionals.includes(suite.name)) continue;
  const report = await suite.run((line) => {
    if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\r${suite.name}: ${line}\r`);
  });
  if (process.stderr.isTTY) process.stderr.write("\x1b[2K\r");
  reports.push(report);
  print(report);
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

function print(suite: SuiteReport): void {
  console.log(`\n${suite.name}`);
  for (const result of suite.results) {
    const rate = result.bytes === 0 ? "" : `${result.mb_per_s.toFixed(1)} MB/s`;
    console.log(
      `  ${result.id.padEnd(28)} ${result.engine.padEnd(28)} ${formatTime(result.median_ns).padStart(12)} ` +
        `${result.ops_per_s.toFixed(0).padStart(12)}/s ${rate.padStart(14)}`,
    );
  }
  for (const ratio of suite.ratios) {
    const relation = ratio.better === "higher" ? "≥" : "≤";
    const verdict = reached(ratio) ? "reached" : "MISSED";
    console.log(
      `  ${ratio.id.padEnd(42)} ${ratio.value.toFixed(3).padStart(10)}  aim ${relation} ${ratio.aim}  ${verdict}`,
    );
  }
}

function formatTime(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  return nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toFixed(2)} µs` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
