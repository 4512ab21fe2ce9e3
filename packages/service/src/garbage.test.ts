/** Law: whatever is sent, the answer is a success or an error of the API, and an error changes nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CALLER, open } from "../test-support/open.ts";
import { KmsError } from "./errors.ts";
import { loadOperations } from "./operations/find.ts";

const operations = await loadOperations();
const memberNames = [...new Set(operations.flatMap(({ input }) => membersOf(input)))];

function membersOf(input: unknown): string[] {
  return Object.keys((input as { members?: object }).members ?? (input as object));
}

const value = fc.oneof(
  fc.jsonValue(),
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.constantFrom(
    "alias/app",
    "AES_256",
    "SYMMETRIC_DEFAULT",
    "arn:aws:kms:us-east-1:111122223333:alias/app",
    true,
    null,
  ),
  fc.dictionary(fc.string(), fc.string()),
);
const request = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...memberNames), value, { maxKeys: 5 }),
  fc
    .record({ KeyId: fc.constant("alias/app") }, { noNullPrototype: true })
    .chain((base) =>
      fc
        .dictionary(fc.constantFrom(...memberNames), value, { maxKeys: 4 })
        .map((more) => ({ ...more, ...base })),
    ),
);

test("requests of any shape are answered by the API's errors, and errors change nothing", async () => {
  const { service, kms, key, contents } = await open();
  await kms.createAlias({ AliasName: "alias/app", TargetKeyId: await key() });
  expect(memberNames.length).toBeGreaterThan(30);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations), request, async ({ name }, input) => {
      const before = await contents();
      try {
        await service.call(name, input, CALLER);
      } catch (error) {
        expect(error).toBeInstanceOf(KmsError);
        // An internal error would be ours: garbage is the caller's fault.
        expect((error as KmsError).name).not.toBe("KMSInternalException");
        expect(await contents()).toEqual(before);
      }
    }),
    { numRuns: 2000 },
  );
}, 60_000);
