// pnpm conformance [family…] [--json FILE]: published vectors on every engine. Exits with 1 if anything failed.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { families, VECTORS } from "./registry.ts";
import type { FamilyResult } from "./result.ts";

const { values, positionals } = parseArgs({ options: { json: { type: "string" } }, allowPositionals: true });
const unknown = positionals.filter((id) => !families.some((family) => family.id === id));
if (unknown.length > 0) {
  console.error(
    `Unknown: ${unknown.join(", ")}. Families: ${families.map((family) => family.id).join(", ")}`,
  );
  process.exit(2);
}

const results: FamilyResult[] = [];
for (const family of families) {
  if (positionals.length > 0 && !positionals.includes(family.id)) continue;
  for (const result of await family.run(VECTORS)) {
    results.push(result);
    print(result);
  }
}
if (values.json !== undefined) {
  const report = { families: results.map(({ failures: _names, ...counts }) => counts) };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
const failed = results.reduce((sum, result) => sum + result.failed, 0);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
console.log(`conformance: ${passed} vectors passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function print(result: FamilyResult): void {
  const counts = `${result.passed}/${result.total} passed, ${result.failed} failed, ${result.skipped} skipped`;
  const why = result.why_skipped === "" ? "" : ` (${result.why_skipped})`;
  console.log(`${result.id.padEnd(24)} ${result.engine.padEnd(18)} ${counts}${why}`);
  for (const name of (result.failures ?? []).slice(0, 20)) console.log(`  failed: ${name}`);
}
