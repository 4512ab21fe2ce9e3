/** Generated requests over all operations: `pnpm soak requests --seed N --for 600s`. Exits with 1 at the first violation. */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { fuzz } from "../fuzz/run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    for: { type: "string", default: "60s" },
    requests: { type: "string" },
  },
});
const seed = values.seed === undefined ? randomBytes(8).readBigUInt64LE() : BigInt(values.seed);
const seconds = Number(values.for.replace(/s$/, ""));
const count = values.requests === undefined ? Number.MAX_SAFE_INTEGER : Number(values.requests);
console.log(`seed ${seed}`);
try {
  const { requests, succeeded, errors, reached } = await fuzz(
    seed,
    count,
    performance.now() + seconds * 1000,
  );
  console.log(
    `${requests} requests, ${succeeded} succeeded, of ${reached.size} operations; no error of the server`,
  );
  for (const [name, times] of [...errors].sort(([, a], [, b]) => b - a)) console.log(`  ${name}: ${times}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
