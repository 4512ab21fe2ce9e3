/** Law: whatever is asked of keys of whatever kind, the answer is a success or an error of the API, never an internal one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import { KmsError } from "../errors.ts";
import type { Member, Shape } from "../shapes/shape.ts";
import { loadOperations } from "./find.ts";

/** The uses of keys: what names a key and takes or gives bytes. */
const USES: ReadonlySet<string> = new Set([
  "Decapsulate",
  "Decrypt",
  "DeriveSharedSecret",
  "Encapsulate",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetPublicKey",
  "ReEncrypt",
  "Sign",
  "Verify",
  "VerifyMac",
]);

const KINDS = [
  ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
  ["HMAC_224", "GENERATE_VERIFY_MAC"],
  ["HMAC_256", "GENERATE_VERIFY_MAC"],
  ["RSA_2048", "ENCRYPT_DECRYPT"],
  ["RSA_2048", "SIGN_VERIFY"],
  ["ECC_NIST_P256", "SIGN_VERIFY"],
  ["ECC_NIST_P256", "KEY_AGREEMENT"],
  ["ECC_NIST_EDWARDS25519", "SIGN_VERIFY"],
  ["ML_DSA_44", "SIGN_VERIFY"],
  ["ML_KEM_512", "ENCAPSULATE_DECAPSULATE"],
] as const;

/** Lengths that mean something: digests, μ, moduli, ciphertexts, and those beside them. */
const LENGTHS = [1, 28, 32, 48, 63, 64, 65, 91, 190, 191, 214, 256, 384, 512, 768, 1088, 2420, 4096, 4097];

test("uses of keys are answered by the API", { timeout: 120_000 }, async () => {
  const { kms, service } = await open();
  const keys: string[] = [];
  const real: Uint8Array[] = [];
  for (const [KeySpec, KeyUsage] of KINDS) {
    const KeyId = (await kms.createKey({ KeySpec, KeyUsage })).KeyMetadata?.KeyId ?? "";
    keys.push(KeyId);
    if (KeySpec.startsWith("HMAC")) continue;
    if (KeySpec !== "SYMMETRIC_DEFAULT")
      real.push((await kms.getPublicKey({ KeyId })).PublicKey ?? Uint8Array.of(0));
    else
      real.push(
        (await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(1) })).CiphertextBlob ?? Uint8Array.of(0),
      );
  }
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.constantFrom(...LENGTHS).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    fc.constantFrom(...real),
    // Real bytes with one of them changed: most of what is well formed is refused deep inside only.
    fc
      .tuple(fc.constantFrom(...real), fc.nat(), fc.integer({ min: 1, max: 255 }))
      .map(([original, at, mask]) =>
        original.map((byte, i) => (i === at % original.length ? byte ^ mask : byte)),
      ),
  );
  const sampleOf = (name: string, shape: Shape): fc.Arbitrary<unknown> => {
    if (name.endsWith("KeyId")) return fc.constantFrom(...keys);
    if (shape.kind === "blob") return bytes;
    if (shape.kind === "boolean") return fc.boolean();
    if (shape.kind === "integer") return fc.integer({ min: 1, max: 64 });
    if (shape.kind === "map") return fc.dictionary(fc.string({ maxLength: 3 }), fc.string(), { maxKeys: 2 });
    return shape.kind === "string" && shape.values !== undefined
      ? fc.constantFrom(...shape.values)
      : fc.constant(undefined);
  };
  const uses = (await loadOperations()).filter(({ name }) => USES.has(name));
  expect(uses).toHaveLength(USES.size);
  const use = fc.constantFrom(...uses).chain(({ name, input }) => {
    const members = Object.entries<Member>(input.members);
    return fc.record({
      name: fc.constant(name),
      input: fc.record(
        Object.fromEntries(
          members.map(([member, { shape, required }]) => {
            const value = sampleOf(member, shape);
            return [member, required ? value : fc.option(value, { nil: undefined, freq: 2 })];
          }),
        ),
      ),
    });
  });
  const outcomes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(use, async ({ name, input }) => {
      const outcome = await service.call(name, input, CALLER).then(
        () => "success",
        (error: unknown) => {
          expect(error).toBeInstanceOf(KmsError);
          return (error as KmsError).name;
        },
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      expect(outcome).not.toBe("KMSInternalException");
    }),
    { numRuns: 2000 },
  );
  // The requests reach what they are for.
  expect(outcomes.get("success")).toBeGreaterThan(20);
  expect(outcomes.get("InvalidCiphertextException")).toBeGreaterThan(5);
});
