/**
 * Statistical timing test of the WebAssembly engines, as in dudect:
 * `node test/src/timing/main.ts --samples 10000000 --json FILE --only NAME --seed N`.
 *
 * Prints t, the confidence interval of the difference of means, and whether |t| passed dudect's 10 at any cropping. Not
 * passing is no proof of constant time. The controls are always measured too: a run that misses one shows nothing, and
 * exits with 1.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { randomFrom } from "../soak/random.ts";
import { type Target, targets } from "./targets.ts";
import { cropLimits, welch } from "./welch.ts";

/** Dudect's bound: above it a difference is taken for shown. */
const SHOWN = 10;
const WARM_UP = 20_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    samples: { type: "string", default: "10000000" },
    json: { type: "string" },
    only: { type: "string" },
  },
});
const seed = values.seed === undefined ? randomBytes(8).readBigUInt64LE() : BigInt(values.seed);
const samples = Number(values.samples);
if (!Number.isSafeInteger(samples) || samples < 1000) {
  throw new RangeError(`--samples takes a whole number from 1,000; got ${values.samples}`);
}
console.log(`seed ${seed}`);
const all = await targets(randomFrom(seed, 0));
const chosen = all.filter(
  ({ name, control }) => control || values.only === undefined || name === values.only,
);
if (values.only !== undefined && !all.some(({ name }) => name === values.only)) {
  const names = all.map(({ name }) => name).join(", ");
  throw new RangeError(`--only is one of ${names}; got ${values.only}`);
}
const results = chosen.map(measure);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ seed: `${seed}`, samples, results }, null, 2)}\n`);
const missed = results.filter(({ control, shown }) => control && !shown).map(({ name }) => name);
if (missed.length > 0) {
  console.error(`missed: ${missed.join(", ")}; what the others show is not worth anything`);
  process.exitCode = 1;
}

function measure({ name, control, prepare, run }: Target) {
  const classes = randomClasses(samples);
  const times = new Float64Array(samples);
  for (let i = 0; i < WARM_UP; i++) {
    prepare(i & 1);
    run();
  }
  for (let i = 0; i < samples; i++) {
    prepare(classes[i] as number);
    const start = performance.now();
    run();
    times[i] = (performance.now() - start) * 1e6;
  }
  // A tight cropping can leave out a whole class, and then has no t; NaN would pass for "no difference".
  const croppings = cropLimits(times)
    .map((limit) => welch(times, classes, limit))
    .filter(({ t }) => Number.isFinite(t));
  if (croppings.length === 0) throw new Error(`${name}: no cropping has a t; take more samples`);
  const worst = croppings.reduce((a, b) => (Math.abs(b.t) > Math.abs(a.t) ? b : a));
  const shown = Math.abs(worst.t) > SHOWN;
  const [low, high] = worst.interval.map((bound) => bound.toFixed(2));
  console.log(
    `${name}: largest |t| ${Math.abs(worst.t).toFixed(2)}, difference 95 % in [${low}, ${high}] ns: ` +
      `${shown ? "a" : "no"} difference is shown`,
  );
  return { name, control, shown, worst, all: croppings.at(-1) };
}

function randomClasses(length: number): Uint8Array {
  const classes = new Uint8Array(length);
  for (let i = 0; i < length; i += 65_536) classes.set(randomBytes(Math.min(65_536, length - i)), i);
  return classes.map((byte) => byte & 1);
}
