/** `pnpm runtimes [name…]`: the suite in every runtime that is installed here, or in those named so; all of them: writes what ran where. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { allRuntimes, type Showing, showAll } from "./all.ts";

const SUPPORT = join(import.meta.dirname, "../../docs/support.md");
const MARKS = { passed: "yes", failed: "FAILED", absent: "not there" } as const;

const names = process.argv.slice(2);
const chosen = allRuntimes().filter(
  ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
);
const shown = await showAll(chosen, (line) => console.error(line));
if (names.length === 0) writeFileSync(SUPPORT, page(shown));
const failures = shown.flatMap(({ name, outcomes }) =>
  outcomes
    .filter(({ result }) => result === "failed")
    .map((outcome) => `${name}: ${outcome.name}: ${outcome.detail}`),
);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;

function page(all: readonly Showing[]): string {
  const ran = all.filter(({ version }) => version !== undefined);
  const columns = [
    ...new Set(
      ran
        .flatMap(({ outcomes }) => outcomes.map(({ name }) => name))
        .filter((name) => !name.startsWith("blobs of ")),
    ),
  ];
  const rows = ran.map(({ name, version = "", outcomes }) => {
    const cell = (column: string): string => {
      const outcome = outcomes.find((each) => each.name === column);
      return outcome === undefined ? "–" : MARKS[outcome.result];
    };
    const foreign = outcomes.filter((each) => each.name.startsWith("blobs of "));
    const opened = foreign.filter(({ result }) => result === "passed").length;
    return [name, version.replace(/^.*\//, ""), ...columns.map(cell), `${opened} of ${foreign.length}`];
  });
  const header = ["runtime", "version", ...columns, "opens the blobs of"];
  const table = [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
  const missing = all.filter(({ version }) => version === undefined).map(({ name }) => name);
  return `# What runs where

Written by \`pnpm runtimes\`, which runs one suite, \`test/runtimes\`, in every runtime that is installed. "not there": the
runtime has no such instructions or forbids them, and another engine takes over. "–": it is not that runtime's store.

${table}
${missing.length === 0 ? "" : `\nNot installed where this was written, and skipped: ${missing.join(", ")}.\n`}`;
}
