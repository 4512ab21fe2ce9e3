/** Ids and secrets as IAM makes them: a prefix that says what it is, and random characters. */
import type { Cryptography } from "@kmslite/hierarchy";

/** RFC 4648 §6. */
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** IAM User Guide, "IAM identifiers": AIDA of users, AROA of roles, AKIA of access keys, ASIA of temporary ones. */
export type IdPrefix = "AIDA" | "AKIA" | "AROA" | "ASIA";

/** 20 characters for access keys, 21 for users and roles: 80 and 85 random bits. */
export function uniqueId(cryptography: Cryptography, prefix: IdPrefix): string {
  const random = cryptography.random(prefix.startsWith("AK") || prefix.startsWith("AS") ? 16 : 17);
  // 32 divides 256, so the remainder is even.
  return prefix + Array.from(random, (byte) => BASE32[byte % 32]).join("");
}

/** A secret access key: 240 random bits in 40 characters of base64. */
export function newSecretAccessKey(cryptography: Cryptography): string {
  const random = cryptography.random(30);
  try {
    return btoa(String.fromCharCode(...random));
  } finally {
    random.fill(0);
  }
}
