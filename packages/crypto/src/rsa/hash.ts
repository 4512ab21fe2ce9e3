import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { SigningAlgorithm } from "../key-pair.ts";

/** A hash as RSA's paddings use it. */
export interface RsaHash {
  /** as Web Crypto names it */
  readonly name: "SHA-256" | "SHA-384" | "SHA-512";
  readonly hash: typeof sha256 | typeof sha384 | typeof sha512;
  /** last byte of its OBJECT IDENTIFIER 2.16.840.1.101.3.4.2.x */
  readonly identifier: number;
}

const SHA_256: RsaHash = { name: "SHA-256", hash: sha256, identifier: 1 };
const SHA_384: RsaHash = { name: "SHA-384", hash: sha384, identifier: 2 };
const SHA_512: RsaHash = { name: "SHA-512", hash: sha512, identifier: 3 };

/** A signature scheme with appendix of RFC 8017 §8, and its hash. */
export interface RsaSignatureScheme {
  readonly padding: "PSS" | "PKCS1";
  readonly hash: RsaHash;
}

/** The signing algorithms of RSA keys. */
export const RSA_SCHEMES: ReadonlyMap<SigningAlgorithm, RsaSignatureScheme> = new Map([
  ["RSASSA_PSS_SHA_256", { padding: "PSS", hash: SHA_256 }],
  ["RSASSA_PSS_SHA_384", { padding: "PSS", hash: SHA_384 }],
  ["RSASSA_PSS_SHA_512", { padding: "PSS", hash: SHA_512 }],
  ["RSASSA_PKCS1_V1_5_SHA_256", { padding: "PKCS1", hash: SHA_256 }],
  ["RSASSA_PKCS1_V1_5_SHA_384", { padding: "PKCS1", hash: SHA_384 }],
  ["RSASSA_PKCS1_V1_5_SHA_512", { padding: "PKCS1", hash: SHA_512 }],
]);
