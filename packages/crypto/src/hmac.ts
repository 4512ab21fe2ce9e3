/**
 * HMAC (FIPS 198-1) behind the MAC algorithms of the KMS. Tags have the length of their hash and are never truncated.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { equalConstantTime } from "./constant-time.ts";

/** The values of the KMS's `KeySpec` for HMAC keys. */
export type HmacKeySpec = "HMAC_224" | "HMAC_256" | "HMAC_384" | "HMAC_512";

/** The values of the KMS's `MacAlgorithm`. */
export type MacAlgorithm = "HMAC_SHA_224" | "HMAC_SHA_256" | "HMAC_SHA_384" | "HMAC_SHA_512";

/** Length in bytes of the keys that the KMS generates for a spec: that of the tag. Imported keys may be longer. */
export const HMAC_KEY_LENGTHS: Readonly<Record<HmacKeySpec, number>> = {
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
};

/** Length in bytes of the longest key that can be imported (AWS KMS Developer Guide, "Requirements for imported key material"). */
export const LONGEST_HMAC_KEY = 128;

/** The one MAC algorithm of each key spec. */
export const MAC_ALGORITHMS: Readonly<Record<HmacKeySpec, MacAlgorithm>> = {
  HMAC_224: "HMAC_SHA_224",
  HMAC_256: "HMAC_SHA_256",
  HMAC_384: "HMAC_SHA_384",
  HMAC_512: "HMAC_SHA_512",
};

const HASHES = {
  HMAC_SHA_224: sha224,
  HMAC_SHA_256: sha256,
  HMAC_SHA_384: sha384,
  HMAC_SHA_512: sha512,
} as const;

/**
 * @param key 1 byte or more; those of the KMS have {@link HMAC_KEY_LENGTHS}
 * @returns 28, 32, 48 or 64 bytes, by the algorithm
 * @throws {RangeError} if the key is empty
 */
export function generateMac(algorithm: MacAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length === 0) throw new RangeError("HMAC key: expected at least 1 byte, got 0");
  return hmac(HASHES[algorithm], key, message);
}

/** Compares in constant time. @returns whether `mac` is the whole tag of the message */
export function verifyMac(
  algorithm: MacAlgorithm,
  key: Uint8Array,
  message: Uint8Array,
  mac: Uint8Array,
): boolean {
  const expected = generateMac(algorithm, key, message);
  const verified = equalConstantTime(expected, mac);
  expected.fill(0);
  return verified;
}
