import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backingKey } from "./backing-key.ts";
import {
  BLOB_MAXIMUM,
  BLOB_OVERHEAD,
  type BlobKind,
  boundResource,
  openBlob,
  parseBlobHeader,
  sealBlob,
} from "./ciphertext-blob.ts";
import { platformCryptography, platformRandom } from "./cryptography.ts";
import { canonicalEncryptionContext } from "./encryption-context.ts";
import { randomKeyId } from "./key-id.ts";

const cryptography = await platformCryptography();
const kinds: readonly BlobKind[] = ["Encrypt", "DataKey", "DataKeyPair"];
const invalid = expect.objectContaining({ name: "HierarchyError", code: "InvalidCiphertext" });

function sealed(plaintext: Uint8Array, keyId: string = randomKeyId(platformRandom)) {
  const backing = backingKey(platformRandom(32), keyId);
  const binding = {
    resource: boundResource(`arn:aws:kms::1:key/${keyId}`),
    encryptionContext: canonicalEncryptionContext({ a: "b" }),
  };
  const blob = sealBlob(cryptography, backing, { kind: "Encrypt", ...binding }, plaintext);
  return { backing, binding, blob, keyId };
}

describe("a ciphertext blob", () => {
  test("opens to what was sealed, and says which key, material and kind it is of", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.constantFrom(...kinds),
        fc.boolean(),
        (plaintext, kind, multiRegion) => {
          const keyId = randomKeyId(platformRandom, multiRegion);
          const backing = backingKey(platformRandom(32), keyId);
          const binding = { resource: boundResource("arn"), encryptionContext: new Uint8Array(0) };
          const blob = sealBlob(cryptography, backing, { kind, ...binding }, plaintext);
          expect(blob).toHaveLength(plaintext.length + BLOB_OVERHEAD);
          expect(parseBlobHeader(blob)).toEqual({
            suite: "MessageKey",
            kind,
            keyId,
            keyMaterialId: backing.keyMaterialId,
          });
          expect(openBlob(cryptography, backing, binding, blob)).toEqual(plaintext);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("does not open with any bit flipped, and all refusals are alike", () => {
    const { backing, binding, blob } = sealed(Uint8Array.of(1, 2, 3));
    const messages = new Set<string>();
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = blob.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        openBlob(cryptography, backing, binding, flipped);
        expect.unreachable(`bit ${bit}`);
      } catch (error) {
        expect(error).toEqual(invalid);
        messages.add((error as Error).message);
      }
    }
    expect(messages.size).toBe(1);
  });

  test("does not open cut off, extended, or under another context, resource or key", () => {
    const { backing, binding, blob, keyId } = sealed(Uint8Array.of(1, 2, 3));
    const open =
      (bytes: Uint8Array, under = backing, bound = binding) =>
      () =>
        openBlob(cryptography, under, bound, bytes);
    for (let length = 0; length < blob.length; length++)
      expect(open(blob.subarray(0, length))).toThrow(invalid);
    expect(open(Uint8Array.of(...blob, 0))).toThrow(invalid);
    expect(open(new Uint8Array(BLOB_MAXIMUM + 1))).toThrow(invalid);
    expect(open(blob, backing, { ...binding, resource: boundResource("arn:other") })).toThrow(invalid);
    expect(open(blob, backing, { ...binding, encryptionContext: new Uint8Array(0) })).toThrow(invalid);
    expect(open(blob, backingKey(platformRandom(32), keyId))).toThrow(invalid);
  });

  test("is made of 1 to 6,012 bytes", () => {
    expect(() => sealed(new Uint8Array(0))).toThrow(RangeError);
    expect(sealed(new Uint8Array(6012)).blob).toHaveLength(BLOB_MAXIMUM);
    expect(() => sealed(new Uint8Array(6013))).toThrow(RangeError);
  });

  test("of another key that was made to decrypt under this one's tag is refused by its commitment", () => {
    // The commitment covers the derived key, so changing C alone, or the ciphertext alone, is refused before or after GCM.
    const { backing, binding, blob } = sealed(Uint8Array.of(1, 2, 3));
    const other = sealed(Uint8Array.of(4, 5, 6)).blob;
    const mixed = Uint8Array.of(...blob.subarray(0, 84), ...other.subarray(84));
    expect(() => openBlob(cryptography, backing, binding, mixed)).toThrow(invalid);
  });
});
