/**
 * `pnpm soak postgres --seed N --for 20m --operations 1000000 --servers 8`: servers over one PostgreSQL, killed and paused at random.
 *
 * The seed decides what is called on what and who is disturbed when; how calls meet is the machine's to decide. Exits with 1 if
 * anything was lost, done twice or out of order.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { postgresPrograms } from "../../postgres/local-postgres.ts";
import { soakPostgres } from "./run.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    for: { type: "string", default: "20m" },
    operations: { type: "string", default: "1000000" },
    servers: { type: "string", default: "8" },
    json: { type: "string" },
  },
});
const programs = postgresPrograms();
if (programs === undefined) {
  console.error("PostgreSQL is not installed: apt-get install postgresql");
  process.exit(2);
}
const seed = values.seed === undefined ? randomBytes(6).readUIntLE(0, 6) : wholeNumber("seed", values.seed);
console.log(`seed ${seed}`);
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
const report = await soakPostgres(programs, {
  seed: BigInt(seed),
  operations: wholeNumber("operations", values.operations),
  time: duration(values.for),
  servers: wholeNumber("servers", values.servers),
  keys: 48,
  automaticKeys: 16,
  aliases: 24,
  calm: 10_000,
  crashEvery: 180_000,
  stepEvery: 20_000,
  keyCacheMs: 1000,
  progress: console.log,
  signal: stopping.signal,
});
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ seed, ...report }, null, 2)}\n`);
const { failures, outcomes, ...figures } = report;
console.log(outcomes);
console.log(figures);
for (const failure of failures) console.error(failure.slice(0, 4000));
console.log(failures.length === 0 ? "everything held" : `${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);

function duration(text: string): number {
  const [, digits, unit] = /^(\d+)([sm])$/.exec(text) ?? [];
  if (digits === undefined) throw new RangeError(`--for takes a duration such as 90s or 20m; got ${text}`);
  return Number(digits) * (unit === "m" ? 60_000 : 1000);
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new RangeError(`--${option} takes a whole number; got ${text}`);
  }
  return value;
}
