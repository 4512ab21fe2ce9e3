/**
 * `pnpm mutation [--sample N] [--seed N] [file…]`: plants faults in `packages/policy`, one at a time, and runs its tests against each.
 * Prints every fault that no test noticed, and the share that was noticed. All of them take about an hour.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { randomFrom } from "../soak/random.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const SOURCES = join(ROOT, "packages/policy/src");
const TIMEOUT_MS = 60_000;

const { values, positionals } = parseArgs({
  options: { sample: { type: "string" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
  (file) =>
    /(?<!\.test)\.ts$/.test(file) &&
    (positionals.length === 0 || positionals.some((wanted) => file.includes(wanted))),
);
const all = files.flatMap((file) =>
  mutantsOf(readFileSync(join(SOURCES, file), "utf8")).map((mutant) => ({ file, mutant })),
);
const { below } = randomFrom(BigInt(values.seed), 0);
const chosen = values.sample === undefined ? all : sampled(all, Number(values.sample));

// Inside of the package, so that what its tests import is found.
const folder = mkdtempSync(join(ROOT, "packages/policy/mutated-"));
let survived = 0;
try {
  cpSync(SOURCES, folder, { recursive: true });
  if (!passes()) throw new Error("The tests fail without a fault");
  for (const [index, { file, mutant }] of chosen.entries()) {
    const source = readFileSync(join(SOURCES, file), "utf8");
    writeFileSync(join(folder, file), planted(source, mutant));
    if (passes()) {
      survived++;
      const line = source.slice(0, mutant.start).split("\n").length;
      console.log(
        `survived: ${file}:${line} ${source.slice(mutant.start, mutant.end)} → ${mutant.replacement}`,
      );
    }
    writeFileSync(join(folder, file), source);
    if (index % 20 === 19) console.log(`${index + 1} of ${chosen.length}, ${survived} survived`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const killed = chosen.length - survived;
console.log(
  `${chosen.length} of ${all.length} mutants: ${killed} killed, ${survived} survived, ` +
    `score ${((100 * killed) / chosen.length).toFixed(1)} %`,
);

/** A mutant that never ends is noticed too. */
function passes(): boolean {
  const { status } = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--bail",
      "1",
      "--maxWorkers",
      "1",
      "--no-isolate",
      "--dir",
      folder,
      "--config",
      join(import.meta.dirname, "vitest.config.ts"),
      "--root",
      ROOT,
    ],
    { cwd: ROOT, timeout: TIMEOUT_MS, stdio: "ignore" },
  );
  return status === 0;
}

function planted(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

function sampled<T>(from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(below(left.length), 1)[0] as T,
  );
}
