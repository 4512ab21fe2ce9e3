/**
 * Wrapping keys: RSA (in China Regions also SM2) key pairs that encrypt material on its way into a KMS key, each for one token and 24 hours.
 *
 * The private key is kept as a key token among those of its KMS key, so that it moves with the domain keys and goes with the
 * key. Its spec and the wrapping algorithm are bound to it there. After 24 hours it is gone, and what it protected on its way
 * can't be read any more by anybody, whatever they recorded (docs/decisions/0061-import.md).
 */
import { KeyPairError, loadKeyPairAlgorithm, type PrivateKey } from "@kmslite/crypto/key-pairs";
import { unwrapRsaAesKey } from "@kmslite/crypto/rsa-aes-key-wrap";
import type { Mutation } from "@kmslite/store/authenticated";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { KeyIdentity } from "../backing-keys.ts";
import { backingKeyKey } from "../database/keys.ts";
import { type BackingKeyRecord, decode, type KeyRecord } from "../database/records.ts";
import { invalidCiphertext } from "../errors.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { type DueTask, planned } from "../schedule/due-work.ts";
import { invalidImportToken } from "./import-tokens.ts";

export type WrappingKeySpec = "RSA_2048" | "RSA_3072" | "RSA_4096" | "SM2";
export type WrappingAlgorithm =
  | "RSAES_OAEP_SHA_1"
  | "RSAES_OAEP_SHA_256"
  | "RSA_AES_KEY_WRAP_SHA_1"
  | "RSA_AES_KEY_WRAP_SHA_256"
  | "SM2PKE";

/** In bytes; the encrypted AES key of an RSA AES key wrap is as long. */
const MODULUS_LENGTHS: Readonly<Record<Exclude<WrappingKeySpec, "SM2">, number>> = {
  RSA_2048: 256,
  RSA_3072: 384,
  RSA_4096: 512,
};

/** Stands in place of an origin in the token's binding, so that no material is ever taken for a wrapping key. */
const ORIGIN = "WRAPPING_KEY";

/** A new wrapping key. */
export interface MadeWrappingKey {
  /** 32 hex digits. */
  readonly wrappingKeyId: string;
  /** DER of SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** The records that keep it until its time is over. */
  readonly mutation: Mutation;
}

export async function makeWrappingKey(
  runtime: Runtime,
  key: KeyRecord,
  keySpec: WrappingKeySpec,
  algorithm: WrappingAlgorithm,
  validTo: number,
): Promise<MadeWrappingKey> {
  const { random } = runtime.database.cryptography;
  const { privateKey, publicKey } = await (await loadKeyPairAlgorithm(keySpec)).generate(random);
  try {
    const wrappingKeyId = bytesToHex(random(16));
    const identity = wrappingIdentity(key, keySpec, algorithm);
    const { mutation } = runtime.backingKeys.keep(identity, materialIdOf(wrappingKeyId), privateKey);
    const gone = planned(validTo, wrappingKeyExpiry(key, wrappingKeyId));
    return { wrappingKeyId, publicKey, mutation: together(mutation, gone) };
  } finally {
    privateKey.fill(0);
  }
}

/**
 * Unwraps what was wrapped by the public half.
 *
 * @returns the material, the caller's to wipe
 * @throws {KmsError} InvalidImportTokenException if the wrapping key is gone, InvalidCiphertextException
 */
export async function unwrapMaterial(
  runtime: Runtime,
  key: KeyRecord,
  wrappingKeyId: string,
  wrapped: Uint8Array,
): Promise<Uint8Array> {
  const stored = await runtime.database.records.get(backingKeyKey(key, materialIdOf(wrappingKeyId)));
  const kept = stored === undefined ? undefined : decode<BackingKeyRecord>(stored).value;
  if (kept?.origin !== ORIGIN) throw invalidImportToken();
  const keySpec = kept.keySpec as WrappingKeySpec;
  const algorithm = kept.keyUsage as WrappingAlgorithm;
  const { importPrivateKey } = await loadKeyPairAlgorithm(keySpec);
  const privateKey = await runtime.backingKeys.opened(
    wrappingIdentity(key, keySpec, algorithm),
    materialIdOf(wrappingKeyId),
    importPrivateKey,
  );
  if (privateKey === undefined) throw invalidImportToken();
  try {
    return await unwrap(privateKey, keySpec, algorithm, wrapped);
  } catch (error) {
    if (error instanceof KeyPairError) throw invalidCiphertext();
    throw error;
  } finally {
    privateKey.destroy();
  }
}

/** The work that removes a wrapping key when its time is over. */
function wrappingKeyExpiry(key: Pick<KeyRecord, "region" | "keyId">, wrappingKeyId: string): DueTask {
  const { region, keyId } = key;
  return { task: "delete-wrapping-key", region, keyId, keyMaterialId: materialIdOf(wrappingKeyId) };
}

async function unwrap(
  privateKey: PrivateKey,
  keySpec: WrappingKeySpec,
  algorithm: WrappingAlgorithm,
  wrapped: Uint8Array,
): Promise<Uint8Array> {
  if (keySpec === "SM2") return privateKey.decrypt("SM2PKE", wrapped);
  switch (algorithm) {
    case "RSAES_OAEP_SHA_1":
    case "RSAES_OAEP_SHA_256":
    case "SM2PKE":
      return privateKey.decrypt(algorithm, wrapped);
    case "RSA_AES_KEY_WRAP_SHA_1":
      return unwrapRsaAesKey(privateKey, MODULUS_LENGTHS[keySpec], "RSAES_OAEP_SHA_1", wrapped);
    case "RSA_AES_KEY_WRAP_SHA_256":
      return unwrapRsaAesKey(privateKey, MODULUS_LENGTHS[keySpec], "RSAES_OAEP_SHA_256", wrapped);
  }
}

function wrappingIdentity(key: KeyRecord, keySpec: string, algorithm: string): KeyIdentity {
  return { ...key, keySpec, keyUsage: algorithm, origin: ORIGIN };
}

/** Where the key token stands: no key material id has this form. */
function materialIdOf(wrappingKeyId: string): string {
  return `wrapping-${wrappingKeyId}`;
}
