/**
 * Encryption and decryption with key pairs: RSAES-OAEP (RFC 8017 §7.1) and SM2 (GB/T 32918.4).
 *
 * Such a ciphertext is the algorithm's own, without a word on the key; and there is nothing that an encryption context
 * could be bound to.
 */
import type { PublicKeyEncryptionAlgorithm } from "@kmslite/crypto/key-pairs";
import type { Call } from "./call.ts";
import type { KeyRecord } from "./database/records.ts";
import { assertNotDryRun } from "./dry-run.ts";
import type { EncryptionInput, RequestContext } from "./encryption-input.ts";
import { invalidCiphertext, KmsError } from "./errors.ts";
import { privateKeyOf, publicKeyOf, refused } from "./key-pairs.ts";
import type { EncryptionAlgorithmSpec } from "./shapes/algorithms.ts";

/** Length of the longest plaintext in bytes, by algorithm; for RSA less than the modulus by the OAEP padding. */
const OVERHEAD: Readonly<Record<"RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256", number>> = {
  RSAES_OAEP_SHA_1: 42,
  RSAES_OAEP_SHA_256: 66,
};
const LONGEST_SM2_PLAINTEXT = 1024;

/** Encrypts under the public key. */
export async function encryptWithKeyPair(
  call: Call,
  key: KeyRecord,
  { plaintext, context, algorithm, dryRun }: EncryptionInput,
): Promise<Uint8Array> {
  const name = publicKeyAlgorithm(algorithm);
  assertNoContext(context);
  const longest = longestPlaintext(key, name);
  if (plaintext.length > longest) {
    throw new KmsError(
      "ValidationException",
      `Algorithm ${algorithm} and key spec ${key.keySpec} cannot encrypt data larger than ${longest} bytes.`,
    );
  }
  assertNotDryRun(dryRun);
  const { publicKey } = await publicKeyOf(call.runtime, key);
  return publicKey.encrypt(name, plaintext, call.runtime.database.cryptography.random);
}

/** Decrypts under the private key; @throws {KmsError} InvalidCiphertextException, without a word on why */
export async function decryptWithKeyPair(
  call: Call,
  key: KeyRecord,
  input: {
    readonly blob: Uint8Array;
    readonly context: RequestContext;
    readonly algorithm: EncryptionAlgorithmSpec;
  },
): Promise<Uint8Array> {
  const name = publicKeyAlgorithm(input.algorithm);
  assertNoContext(input.context);
  const privateKey = await privateKeyOf(call.runtime, key);
  return refused(privateKey.decrypt(name, input.blob), { InvalidCiphertext: invalidCiphertext });
}

function longestPlaintext({ keySpec }: KeyRecord, algorithm: PublicKeyEncryptionAlgorithm): number {
  if (algorithm === "SM2PKE") return LONGEST_SM2_PLAINTEXT;
  return Number(keySpec.slice("RSA_".length)) / 8 - OVERHEAD[algorithm];
}

/** The algorithm was checked against the key's spec before. */
function publicKeyAlgorithm(algorithm: EncryptionAlgorithmSpec): PublicKeyEncryptionAlgorithm {
  if (algorithm !== "SYMMETRIC_DEFAULT") return algorithm;
  throw new TypeError("SYMMETRIC_DEFAULT is no algorithm of a key pair");
}

function assertNoContext(context: RequestContext): void {
  if (context === undefined || Object.keys(context).length === 0) return;
  throw new KmsError(
    "ValidationException",
    "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
  );
}
