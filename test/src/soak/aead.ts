/**
 * Long differential runs of every engine against `node:crypto`, a sample of them against Web Crypto, and every split of short
 * messages: `pnpm soak --seed N --for 60s --cases 10000000 --engine wasm-simd`.
 *
 * Exits with 1 at the first mismatch, after printing the command that replays it.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { loadEngine } from "@kmslite/aead";
import { checkCase, checkCaseByWebCrypto, checkSplits } from "./aead-case.ts";

/** Messages of up to so many bytes are cut in every way. */
const SHORT = 66;
/** One in so many cases is also checked against Web Crypto. */
const SAMPLE = 100;

const ENGINES = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar", "typescript"] as const;
type Name = (typeof ENGINES)[number];

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
const seed = values.seed === undefined ? randomBytes(8).readBigUInt64LE() : seedOf(values.seed);
const cases = wholeNumber("cases", values.cases);
const from = wholeNumber("from", values.from);
const seconds = wholeNumber("for", values.for.replace(/s$/, ""));
const names = values.engine === undefined ? ENGINES : [nameOf(values.engine)];
console.log(`seed ${seed}`);
let splits = 0;
let checked = 0;
let sampled = 0;
for (const name of names) await run(name);
console.log(
  `in all: ${checked} cases, ${sampled} of them against Web Crypto too, ${splits} splits; no mismatch`,
);

async function run(name: Name): Promise<void> {
  const engine = await loadEngine(name);
  for (let length = 0; from === 0 && length <= SHORT; length++) {
    await attempt(name, length, () => {
      splits += checkSplits(engine, seed, length);
    });
  }
  const end = performance.now() + seconds * 1000;
  let number = from;
  while (number < from + cases && performance.now() < end) {
    await attempt(name, number, () => checkCase(engine, seed, number));
    if (number % SAMPLE === 0) {
      await attempt(name, number, async () => {
        if (await checkCaseByWebCrypto(engine, seed, number)) sampled++;
      });
    }
    number++;
  }
  checked += number - from;
  console.log(`${name}: ${number - from} cases, no mismatch`);
}

async function attempt(name: string, number: number, check: () => void | Promise<void>): Promise<void> {
  try {
    // Awaiting what is no promise would cost more than many a case.
    const later = check();
    if (later !== undefined) await later;
  } catch (error) {
    console.error(`${name}: case ${number}: ${error}`);
    console.error(`replay: pnpm soak --seed ${seed} --engine ${name} --from ${number} --cases 1`);
    process.exit(1);
  }
}

function nameOf(text: string): Name {
  const name = ENGINES.find((each) => each === text);
  if (name === undefined) throw new RangeError(`--engine is one of ${ENGINES.join(", ")}; got ${text}`);
  return name;
}

function seedOf(text: string): bigint {
  if (!/^\d+$/.test(text) || BigInt(text) >= 2n ** 64n) {
    throw new RangeError(`--seed takes a whole number under 2^64; got ${text}`);
  }
  return BigInt(text);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new RangeError(`--${option} takes a whole number; got ${text}`);
  }
  return value;
}
