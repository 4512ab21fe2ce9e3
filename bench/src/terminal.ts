/** What a person sees of a run: one line of progress, then tables. */
import { type Progress, type Ratio, reached, type SuiteReport } from "./report.ts";

/** Prints where a suite is, over and over on one line of a terminal, and nothing elsewhere. */
export function progressLine(suite: string): Progress {
  return (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\r${suite}: ${line}\r`);
  };
}

/** One table per measured thing, its peers from the fastest to the slowest, then the ratios with their aims. */
export function printSuite({ name, results, ratios, figures = [], skipped = [] }: SuiteReport): void {
  if (process.stderr.isTTY) process.stderr.write("\x1b[2K\r");
  console.log(`\n${name}`);
  for (const id of new Set(results.map((result) => result.id))) {
    const peers = results.filter((result) => result.id === id).sort((a, b) => a.median_ns - b.median_ns);
    const fastest = peers[0]?.median_ns ?? Number.NaN;
    console.log(`  ${id}`);
    for (const { engine, bytes, median_ns, ops_per_s, mb_per_s } of peers) {
      const rate = bytes === 0 ? "" : `${mb_per_s.toFixed(1)} MB/s`;
      console.log(
        `    ${engine.padEnd(26)} ${formatTime(median_ns).padStart(11)} ${ops_per_s.toFixed(0).padStart(11)}/s ` +
          `${rate.padStart(14)} ${(median_ns / fastest).toFixed(2).padStart(9)}×`,
      );
    }
  }
  for (const { id, value } of figures)
    console.log(`  ${id.padEnd(42)} ${(value / 1024).toFixed(2).padStart(10)} KiB`);
  for (const ratio of ratios) console.log(`  ${formatRatio(ratio)}`);
  for (const line of skipped) console.log(`  skipped: ${line}`);
}

function formatRatio(ratio: Ratio): string {
  const relation = ratio.better === "higher" ? "≥" : "≤";
  const verdict = reached(ratio) ? "reached" : "MISSED";
  const engine = ratio.engine === undefined ? "" : `  (${ratio.engine})`;
  const value = ratio.value.toFixed(3).padStart(10);
  return `${ratio.id.padEnd(42)} ${value}  aim ${relation} ${ratio.aim}  ${verdict}${engine}`;
}

function formatTime(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  return nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toFixed(2)} µs` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
