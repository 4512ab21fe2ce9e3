/** `pnpm runtimes [name…]`: the suite in every runtime that is installed here, or in those named so; all of them: writes what ran where. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { allRuntimes, showAll } from "./all.ts";
import { supportPage } from "./support-page.ts";

const SUPPORT = join(import.meta.dirname, "../../docs/support.md");

const names = process.argv.slice(2);
const chosen = allRuntimes().filter(
  ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
);
const shown = await showAll(chosen, (line) => console.error(line));
if (names.length === 0) writeFileSync(SUPPORT, supportPage(shown));
let failures = 0;
for (const { name, outcomes } of shown) {
  for (const outcome of outcomes) {
    if (outcome.result === "failed") failures++;
    if (names.length > 0 || outcome.result === "failed")
      console.log([name, outcome.name, outcome.result, outcome.detail ?? ""].join(": "));
  }
}
process.exitCode = failures === 0 ? 0 : 1;
