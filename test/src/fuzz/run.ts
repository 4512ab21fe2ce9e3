/**
 * Law: no request yields an error of the server, or an exception that is none of the API's.
 *
 * Requests of all operations go to one service, in process and as JSON over the wire protocol, so that they meet the keys,
 * grants and aliases that others made; time passes, so that due work happens between them.
 */
import { ephemeralRootKey, platformCryptography } from "@kmslite/hierarchy";
import { type AnyOperation, type Caller, KmsError, loadOperations, Service } from "@kmslite/service";
import { memoryStore } from "@kmslite/store";
import { createRequestHandler } from "@kmslite/wire/in-process";
import { type Random, randomFrom } from "../soak/random.ts";
import { requestFor } from "./generate.ts";
import { Pool } from "./pool.ts";

const CALLER: Caller = {
  accountId: "111122223333",
  region: "us-east-1",
  principal: "arn:aws:iam::111122223333:root",
};

/** Requests to one service; then the next gets a new one, since lists of thousands cost time and show nothing new. */
const PER_SERVICE = 2500;

/** Of requests that make RSA keys, which take a second each, so many are left out for one that is sent. */
const SLOW_LEFT_OUT = 400;

/** Keys that every service has from the start: of each usage and origin, of specs that are made quickly. */
const KEYS = [
  { MultiRegion: true },
  { Origin: "EXTERNAL" },
  { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" },
  { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" },
  { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" },
  { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" },
  { KeySpec: "ML_DSA_44", KeyUsage: "SIGN_VERIFY" },
  { KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" },
] as const;

/** What came of a run. */
export interface Outcome {
  requests: number;
  succeeded: number;
  /** How often each error came, by its name. */
  readonly errors: Map<string, number>;
  /** Operations that succeeded at least once. */
  readonly reached: Set<string>;
}

/** A request that broke the law, with what it takes to send it again. */
class Violation extends Error {
  override readonly name = "Violation";

  constructor(seed: bigint, number: number, operation: string, input: unknown, cause: unknown) {
    super(`request ${number} of seed ${seed}: ${operation} ${shown(input)}: ${String(cause)}`, { cause });
  }
}

/**
 * Sends requests until there were `count`, or `until` (milliseconds, performance.now()) has come.
 *
 * @throws {Violation}
 */
export async function fuzz(seed: bigint, count: number, until = Number.POSITIVE_INFINITY): Promise<Outcome> {
  const operations = await loadOperations();
  const outcome: Outcome = { requests: 0, succeeded: 0, errors: new Map(), reached: new Set() };
  while (outcome.requests < count && performance.now() < until) {
    await fuzzService(seed, Math.min(count, outcome.requests + PER_SERVICE), operations, outcome);
  }
  return outcome;
}

async function fuzzService(
  seed: bigint,
  count: number,
  operations: readonly AnyOperation[],
  outcome: Outcome,
): Promise<void> {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const failures: unknown[] = [];
  const seeded = randomFrom(seed, outcome.requests);
  const service = await Service.open({
    rootKey: ephemeralRootKey(),
    store: memoryStore(),
    clock: () => clock.now,
    // Key ids and material come from the seed too, so that a run can be replayed.
    cryptography: { ...(await platformCryptography()), random: (length) => seeded.bytes(length) },
    onDueWorkFailure: (error) => failures.push(error),
  });
  const pool = new Pool();
  for (const key of KEYS) {
    const { KeyMetadata } = (await service.call("CreateKey", key, CALLER)) as {
      KeyMetadata: { KeyId: string };
    };
    pool.plant("KeyId", KeyMetadata.KeyId);
  }
  const send = sender(service);
  try {
    for (let number = outcome.requests; number < count; number++, outcome.requests++) {
      const random = randomFrom(seed, number);
      const operation = operations[random.below(operations.length)] as AnyOperation;
      const input = requestFor(operation, random, pool);
      if (isSlow(input) && random.below(SLOW_LEFT_OUT) > 0) continue;
      if (random.below(200) === 0) clock.now += random.below(3 * 86_400_000);
      const error = await send(operation.name, input, random, pool);
      if (error !== undefined && isViolation(error))
        throw new Violation(seed, number, operation.name, input, error);
      if (failures.length > 0) throw new Violation(seed, number, operation.name, input, failures[0]);
      if (error === undefined) {
        outcome.succeeded += 1;
        outcome.reached.add(operation.name);
      } else outcome.errors.set(error.name, (outcome.errors.get(error.name) ?? 0) + 1);
    }
  } finally {
    await service.close();
  }
}

/** Sends a request in one of two ways, and gives the error that came. */
function sender(service: Service) {
  const handler = createRequestHandler(service, CALLER);
  return async (operation: string, input: object, random: Random, pool: Pool): Promise<Error | undefined> => {
    if (random.below(10) === 0) return overTheWire(handler, operation, input, random);
    try {
      pool.learn(await service.call(operation, input, CALLER));
      return undefined;
    } catch (error) {
      return error instanceof Error
        ? error
        : new Error(`something that is no error was thrown: ${String(error)}`);
    }
  };
}

/** The same as JSON text, one time in four with a character changed. */
async function overTheWire(
  handler: ReturnType<typeof createRequestHandler>,
  operation: string,
  input: object,
  random: Random,
): Promise<Error | undefined> {
  let body = JSON.stringify(input, (_, value) => (typeof value === "bigint" ? Number(value) : value)) ?? "";
  if (random.below(4) === 0) {
    const at = random.below(body.length + 1);
    body = body.slice(0, at) + String.fromCharCode(random.below(256)) + body.slice(at + 1);
  }
  const { response } = await handler.handle({
    headers: { "x-amz-target": `TrentService.${operation}` },
    body,
  });
  if (response.statusCode === 200) return undefined;
  const { __type: name } = JSON.parse(new TextDecoder().decode(response.body)) as { readonly __type: string };
  const error = new Error(`status ${response.statusCode}`);
  error.name = name;
  return response.statusCode >= 500 ? Object.assign(error, { httpStatus: response.statusCode }) : error;
}

function isViolation(error: Error): boolean {
  if (error.name === "KMSInternalException") return true;
  if (error instanceof KmsError) return error.httpStatus >= 500;
  // What came over the wire has a name and a status; anything else was not foreseen.
  return !error.message.startsWith("status 4");
}

/** Whether a request asks for RSA keys. */
function isSlow(input: Readonly<Record<string, unknown>>): boolean {
  return ["KeySpec", "CustomerMasterKeySpec", "KeyPairSpec", "WrappingKeySpec"].some((member) => {
    const value = input[member];
    return typeof value === "string" && value.startsWith("RSA_");
  });
}

function shown(input: unknown): string {
  return JSON.stringify(input, (_, value) => {
    if (value instanceof Uint8Array)
      return `${value.length} bytes ${Buffer.from(value.subarray(0, 64)).toString("hex")}`;
    return typeof value === "bigint" || typeof value === "symbol" || typeof value === "function"
      ? String(value)
      : value;
  });
}
