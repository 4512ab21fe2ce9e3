/**
 * What the cryptographic operations share: sealing and opening blobs under the backing keys of a KMS key.
 */
import {
  type BlobKind,
  canonicalEncryptionContext,
  HierarchyError,
  openBlob,
  parseBlobHeader,
  sealBlob,
} from "@kmslite/hierarchy";
import type { Call } from "./call.ts";
import type { KeyRecord, Row } from "./database/records.ts";
import { assertNotDryRun } from "./dry-run.ts";
import type { EncryptionInput, RequestContext } from "./encryption-input.ts";
import { invalidCiphertext, KmsError } from "./errors.ts";
import { namesOf } from "./key-names.ts";
import { assertAlgorithm, assertState, assertUsage, USABLE } from "./key-state.ts";
import type { EncryptionAlgorithmSpec } from "./shapes/algorithms.ts";

/** Encrypts under the current backing key of a symmetric key. */
export async function encryptUnder(
  call: Call,
  key: KeyRecord,
  kind: BlobKind,
  context: RequestContext,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const encryptionContext = canonical(context);
  const place = { kind, resource: namesOf(key).resource, encryptionContext };
  if (key.customKeyStoreId !== undefined) {
    const { sealInKeyStore } = await import("./key-stores/cipher.ts");
    return sealInKeyStore(call, key, place, plaintext);
  }
  const backing = await call.runtime.backingKey(key, key.keyMaterialId);
  if (backing === undefined)
    throw new KmsError("KMSInternalException", `The material of ${key.keyId} is missing`);
  return sealBlob(call.runtime.database.cryptography, backing, place, plaintext);
}

/**
 * Encrypts under a KMS key of any spec that encrypts.
 *
 * @throws {KmsError} InvalidKeyUsageException, or ValidationException if context or plaintext don't suit the algorithm
 */
export async function encryptWith(call: Call, key: KeyRecord, input: EncryptionInput): Promise<Uint8Array> {
  assertAlgorithm(key, input.algorithm);
  if (key.keySpec === "SYMMETRIC_DEFAULT") {
    assertNotDryRun(input.dryRun);
    return encryptUnder(call, key, "Encrypt", input.context, input.plaintext);
  }
  const { encryptWithKeyPair } = await import("./public-key-encryption.ts");
  return encryptWithKeyPair(call, key, input);
}

/** What is to be decrypted, and what the caller says about it. */
export interface DecryptionInput {
  readonly blob: Uint8Array;
  readonly context: RequestContext;
  /** The key that the caller expects, if it names one: it must for a key pair, which its ciphertext does not name. */
  readonly keyId: string | undefined;
  readonly algorithm: EncryptionAlgorithmSpec | undefined;
}

/** A decrypted blob and the key that opened it. */
export interface Decrypted {
  readonly plaintext: Uint8Array;
  readonly key: KeyRecord;
  readonly algorithm: EncryptionAlgorithmSpec;
  /** Of a symmetric key. */
  readonly keyMaterialId?: string;
}

/**
 * Decrypts a blob, wherever in its key's history the backing key lies.
 *
 * @param action the permission that this takes
 */
export async function decryptBlob(
  call: Call,
  { blob, context, keyId, algorithm = "SYMMETRIC_DEFAULT" }: DecryptionInput,
  action: "Decrypt" | "ReEncryptFrom",
): Promise<Decrypted> {
  const expected =
    keyId === undefined ? undefined : await call.resolveKey(keyId, { alias: true, lately: true, action });
  if (expected !== undefined && expected.value.keySpec !== "SYMMETRIC_DEFAULT") {
    assertDecrypts(expected.value, algorithm, action);
    const { decryptWithKeyPair } = await import("./public-key-encryption.ts");
    const plaintext = await decryptWithKeyPair(call, expected.value, { blob, context, algorithm });
    return { plaintext, key: expected.value, algorithm };
  }
  const header = orInvalidCiphertext(() => parseBlobHeader(blob));
  if (expected !== undefined && expected.value.keyId !== header.keyId) {
    throw new KmsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  const key = expected ?? (await keyOfBlob(call, header.keyId, action));
  assertDecrypts(key.value, algorithm, action);
  // The blob says whose it is: it must not have a private key taken for a backing key.
  if (key.value.keySpec !== "SYMMETRIC_DEFAULT") throw invalidCiphertext();
  const encryptionContext = canonical(context);
  const binding = { resource: namesOf(key.value).resource, encryptionContext };
  if (key.value.customKeyStoreId !== undefined) {
    const { openInKeyStore } = await import("./key-stores/cipher.ts");
    const plaintext = await openInKeyStore(call, key.value, binding, blob);
    return { plaintext, key: key.value, algorithm, keyMaterialId: header.keyMaterialId };
  }
  const backing = await call.runtime.backingKey(key.value, header.keyMaterialId);
  if (backing === undefined) throw invalidCiphertext();
  const { cryptography } = call.runtime.database;
  const plaintext = orInvalidCiphertext(() => openBlob(cryptography, backing, binding, blob, header));
  return { plaintext, key: key.value, algorithm, keyMaterialId: header.keyMaterialId };
}

/** Whether the key can decrypt what was encrypted by this algorithm: its state, its usage, its spec. */
function assertDecrypts(
  key: KeyRecord,
  algorithm: EncryptionAlgorithmSpec,
  action: "Decrypt" | "ReEncryptFrom",
): void {
  assertState(key, USABLE);
  assertUsage(key, "ENCRYPT_DECRYPT", action === "Decrypt" ? action : "ReEncrypt");
  assertAlgorithm(key, algorithm);
}

/** Checks the key that a dry run without ciphertext must name, since no blob names it. */
export async function assertKeyOfDryRun(
  call: Call,
  keyId: string | undefined,
  algorithm: EncryptionAlgorithmSpec | undefined,
  action: "Decrypt" | "ReEncryptFrom",
): Promise<void> {
  if (keyId === undefined) {
    throw new KmsError("ValidationException", "The key ID is required when the ciphertext is ignored.");
  }
  const key = await call.resolveKey(keyId, { alias: true, lately: true, action });
  assertDecrypts(key.value, algorithm ?? "SYMMETRIC_DEFAULT", action);
}

/** The blob of a request; @throws {KmsError} ValidationException if there is none */
export function requiredCiphertext(blob: Uint8Array | undefined): Uint8Array {
  if (blob !== undefined) return blob;
  throw new KmsError(
    "ValidationException",
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
  );
}

async function keyOfBlob(call: Call, keyId: string, action: string): Promise<Row<KeyRecord>> {
  const key = await call.findKey(keyId, true);
  if (key === undefined) throw noKeyOfBlob();
  return call.allowed(key, { lately: true, action, refusal: noKeyOfBlob });
}

/** The same whether there is no such key, or the caller may not use it. */
function noKeyOfBlob(): KmsError {
  return new KmsError(
    "AccessDeniedException",
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, " +
      "or you are not allowed to access.",
  );
}

function canonical(context: RequestContext): Uint8Array {
  try {
    return canonicalEncryptionContext(context);
  } catch (error) {
    if (!(error instanceof HierarchyError)) throw error;
    throw new KmsError("ValidationException", error.message);
  }
}

function orInvalidCiphertext<Value>(open: () => Value): Value {
  try {
    return open();
  } catch (error) {
    if (error instanceof HierarchyError && error.code === "InvalidCiphertext") throw invalidCiphertext();
    throw error;
  }
}
