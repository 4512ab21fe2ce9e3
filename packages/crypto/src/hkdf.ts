/** HKDF (RFC 5869) over `@noble/hashes`. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

/** The hashes that HKDF is used with. */
export type HkdfHash = "SHA-256" | "SHA-384" | "SHA-512";

const HASHES = { "SHA-256": sha256, "SHA-384": sha384, "SHA-512": sha512 } as const;

/**
 * HKDF-Extract, then HKDF-Expand.
 *
 * @param inputKey IKM, any length
 * @param salt     any length; none is as many zeros as the hash is long
 * @param info     what the output is bound to, any length
 * @param length   bytes to derive, 1 to 255 times the length of the hash
 * @throws {RangeError} if `length` is outside its range
 */
export function deriveHkdf(
  hash: HkdfHash,
  inputKey: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const most = 255 * HASHES[hash].outputLen;
  if (!Number.isSafeInteger(length) || length < 1 || length > most) {
    throw new RangeError(`HKDF length: expected 1 to ${most} bytes, got ${length}`);
  }
  return hkdf(HASHES[hash], inputKey, salt, info, length);
}
