/**
 * Long differential runs: `pnpm soak --seed N --for 60s --cases 10000000 --engine wasm-simd`.
 *
 * Exits with 1 at the first mismatch, after printing the command that replays it.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { type SyncEngine, typescriptEngine, wasmEngine } from "@kmslite/aead";
import { checkCase } from "./aead-case.ts";

const ENGINES: Readonly<Record<string, () => SyncEngine>> = {
  "wasm-relaxed-simd": () => wasmEngine({ name: "wasm-relaxed-simd" }),
  "wasm-simd": () => wasmEngine({ name: "wasm-simd" }),
  "wasm-scalar": () => wasmEngine({ name: "wasm-scalar" }),
  typescript: typescriptEngine,
};

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    seed: { type: "string" },
    for: { type: "string", default: "60s" },
    cases: { type: "string", default: "10000000" },
    engine: { type: "string" },
    from: { type: "string", default: "0" },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 32) : wholeNumber("seed", values.seed);
const cases = wholeNumber("cases", values.cases);
const from = wholeNumber("from", values.from);
const seconds = wholeNumber("for", values.for.replace(/s$/, ""));
const names = values.engine === undefined ? Object.keys(ENGINES) : [values.engine];
console.log(`seed ${seed}`);
for (const name of names) run(name);

function run(name: string): void {
  const make = ENGINES[name];
  if (make === undefined)
    throw new RangeError(`--engine is one of ${Object.keys(ENGINES).join(", ")}; got ${name}`);
  const engine = make();
  const end = performance.now() + seconds * 1000;
  let number = from;
  while (number < from + cases && performance.now() < end) {
    try {
      checkCase(engine, seed, number);
    } catch (error) {
      console.error(`${name}: case ${number}: ${error}`);
      console.error(`replay: pnpm soak --seed ${seed} --engine ${name} --from ${number} --cases 1`);
      process.exit(1);
    }
    number++;
  }
  console.log(`${name}: ${number - from} cases, no mismatch`);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new RangeError(`--${option} takes a whole number; got ${text}`);
  }
  return value;
}
