/**
 * No operation forgets to ask: whatever is in the registry refuses a principal without permissions, takes one who has them, and
 * refuses one who has all but those that it needs.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepare, requestsOf } from "../api/requests.ts";
import {
  ACCOUNT,
  allOperations,
  EVERYTHING,
  OTHER_ACCOUNT,
  openSharedBench,
  type SharedBench,
  user,
} from "./callers.ts";

let bench: SharedBench;

beforeAll(async () => {
  bench = await openSharedBench();
});
afterAll(() => bench.close());

/** The actions of an operation, where they are not called as it is. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  CreateKey: ["CreateKey"],
  ReEncrypt: ["ReEncryptFrom", "ReEncryptTo"],
  ReplicateKey: ["ReplicateKey", "CreateKey"],
};

const operations = await allOperations();

test("there are 56 operations", () => {
  expect(operations).toHaveLength(56);
});

test.each(operations)("%s asks for the permission", { timeout: 60_000 }, async (operation) => {
  const requests = await requestsOf(bench, operation);
  expect(requests).toBeGreaterThan(0);
  const alice = user("alice", ACCOUNT, EVERYTHING);
  const unlucky = { ...alice, identity: { policies: ["no policy"] } };
  for (let index = 0; index < requests; index++) {
    const { input } = await prepare(bench, operation, index);
    const refused = (caller: Parameters<typeof bench.service.call>[2], action = operation) =>
      expect(bench.service.call(operation, input, caller)).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(action === "Decrypt" ? "" : `kms:${action}`),
      });
    await refused(user("nobody", ACCOUNT), operation === "ReEncrypt" ? "ReEncryptTo" : operation);
    await refused(
      { ...user("nobody", ACCOUNT), principal: "somebody" },
      operation === "ReEncrypt" ? "ReEncryptTo" : operation,
    );
    for (const action of ACTIONS[operation] ?? [operation]) {
      const but = { Effect: "Deny", Action: `kms:${action}`, Resource: "*" };
      await refused(user("bob", ACCOUNT, EVERYTHING, but), action);
    }
    // What fails within the authorization lets nobody in.
    await expect(bench.service.call(operation, input, unlucky)).rejects.toMatchObject({
      name: "KMSInternalException",
    });
    if (operation === "RetireGrant") continue;
    await bench.service.call(operation, input, alice);
  }
});

/** Requests that name a key by its ARN: the key of the bench, or one that does not exist. */
function withArns(
  input: Readonly<Record<string, unknown>>,
  keyId: string,
): Readonly<Record<string, unknown>> {
  const members = ["KeyId", "TargetKeyId", "DestinationKeyId", "SourceKeyId"];
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      members.includes(name) ? `arn:aws:kms:us-east-1:${ACCOUNT}:key/${keyId}` : value,
    ]),
  );
}

const ABSENT = "12345678-1234-4234-8234-123456789012";

/** How a call ends, without what the caller said itself. */
async function outcomeOf(call: Promise<object>, keyId: string): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) return "succeeded";
  return `${error.name}: ${error.message.replaceAll(keyId, "KEY")}`;
}

test.each(operations)(
  "%s does not tell which keys another account has",
  { timeout: 60_000 },
  async (operation) => {
    const strangers = [user("mallory", OTHER_ACCOUNT), user("mallory", OTHER_ACCOUNT, EVERYTHING)];
    const requests = await requestsOf(bench, operation);
    for (let index = 0; index < requests; index++) {
      const { input, subject } = await prepare(bench, operation, index);
      if (
        input["KeyId"] === undefined &&
        input["TargetKeyId"] === undefined &&
        input["DestinationKeyId"] === undefined
      )
        continue;
      for (const stranger of strangers) {
        const outcomeOn = async (keyId: string) =>
          outcomeOf(bench.service.call(operation, withArns(input, keyId), stranger), keyId);
        const outcome = await outcomeOn(subject.keyId);
        expect(outcome).toMatch(/^(?:AccessDeniedException|NotFoundException: Alias)/);
        expect(await outcomeOn(ABSENT)).toBe(outcome);
      }
    }
  },
);

test("a ciphertext does not tell whether its key exists", async () => {
  const { subject } = await prepare(bench, "Decrypt");
  const stranger = user("mallory", OTHER_ACCOUNT, EVERYTHING);
  const refusals = [];
  // The key id stands from byte 4 to 19 (docs/ciphertext-format.md): of the changed ones there is no key.
  for (const CiphertextBlob of [
    subject.ciphertext,
    changed(subject.ciphertext, 4),
    changed(subject.ciphertext, 19),
  ]) {
    refusals.push(
      await bench.service.call("Decrypt", { CiphertextBlob }, stranger).catch((error: Error) => `${error}`),
    );
  }
  expect(new Set(refusals).size).toBe(1);
  expect(refusals[0]).toMatch(/^AccessDeniedException: The ciphertext refers to/);
});

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
