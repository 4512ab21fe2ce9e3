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
import { type AtOnce, whenThere } from "./at-once.ts";
import type { Call } from "./call.ts";
import type { KeyRecord } from "./database/records.ts";
import { assertNotDryRun } from "./dry-run.ts";
import type { EncryptionInput, RequestContext } from "./encryption-input.ts";
import { invalidCiphertext, KmsError } from "./errors.ts";
import { namesOf } from "./key-names.ts";
import { assertAlgorithm, assertState, assertUsage, USABLE } from "./key-state.ts";
import type { EncryptionAlgorithmSpec } from "./shapes/algorithms.ts";

/** Encrypts under the current backing key of a symmetric key. */
export function encryptUnder(
  call: Call,
  key: KeyRecord,
  kind: BlobKind,
  context: RequestContext,
  plaintext: Uint8Array,
): AtOnce<Uint8Array> {
  const encryptionContext = canonical(context);
  const place = { kind, resource: namesOf(key).resource, encryptionContext };
  if (key.customKeyStoreId !== undefined)
    return keyStoreCipher().then(({ sealInKeyStore }) => sealInKeyStore(call, key, place, plaintext));
  return whenThere(call.runtime.backingKey(key, key.keyMaterialId), (backing) => {
    if (backing === undefined)
      throw new KmsError("KMSInternalException", `The material of ${key.keyId} is missing`);
    return sealBlob(call.runtime.database.cryptography, backing, place, plaintext);
  });
}

/**
 * Encrypts under a KMS key of any spec that encrypts.
 *
 * @throws {KmsError} InvalidKeyUsageException, or ValidationException if context or plaintext don't suit the algorithm
 */
export function encryptWith(call: Call, key: KeyRecord, input: EncryptionInput): AtOnce<Uint8Array> {
  assertAlgorithm(key, input.algorithm);
  if (key.keySpec === "SYMMETRIC_DEFAULT") {
    assertNotDryRun(input.dryRun);
    return encryptUnder(call, key, "Encrypt", input.context, input.plaintext);
  }
  return publicKeyEncryption().then(({ encryptWithKeyPair }) => encryptWithKeyPair(call, key, input));
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
export function decryptBlob(
  call: Call,
  input: DecryptionInput,
  action: "Decrypt" | "ReEncryptFrom",
): AtOnce<Decrypted> {
  const { keyId, algorithm = "SYMMETRIC_DEFAULT" } = input;
  if (keyId === undefined) return decryptSymmetric(call, input, action);
  const resolution = { alias: true, lately: true, action };
  return whenThere(call.resolveKey(keyId, resolution), ({ value: key }) => {
    if (key.keySpec === "SYMMETRIC_DEFAULT") return decryptSymmetric(call, input, action, key);
    assertDecrypts(key, algorithm, action);
    return publicKeyEncryption()
      .then(({ decryptWithKeyPair }) => decryptWithKeyPair(call, key, { ...input, algorithm }))
      .then((plaintext) => ({ plaintext, key, algorithm }));
  });
}

/** @param expected the key that the caller names, if it does */
function decryptSymmetric(
  call: Call,
  { blob, context, algorithm = "SYMMETRIC_DEFAULT" }: DecryptionInput,
  action: "Decrypt" | "ReEncryptFrom",
  expected?: KeyRecord,
): AtOnce<Decrypted> {
  const header = orInvalidCiphertext(() => parseBlobHeader(blob));
  if (expected !== undefined && expected.keyId !== header.keyId) {
    throw new KmsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  const { keyMaterialId } = header;
  return whenThere(expected ?? keyOfBlob(call, header.keyId, action), (key) => {
    assertDecrypts(key, algorithm, action);
    // The blob says whose it is: it must not have a private key taken for a backing key.
    if (key.keySpec !== "SYMMETRIC_DEFAULT") throw invalidCiphertext();
    const binding = { resource: namesOf(key).resource, encryptionContext: canonical(context) };
    const opened =
      key.customKeyStoreId === undefined
        ? whenThere(call.runtime.backingKey(key, keyMaterialId), (backing) => {
            if (backing === undefined) throw invalidCiphertext();
            const { cryptography } = call.runtime.database;
            return orInvalidCiphertext(() => openBlob(cryptography, backing, binding, blob, header));
          })
        : keyStoreCipher().then(({ openInKeyStore }) => openInKeyStore(call, key, binding, blob));
    return whenThere(opened, (plaintext) => ({ plaintext, key, algorithm, keyMaterialId }));
  });
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

function keyOfBlob(call: Call, keyId: string, action: string): AtOnce<KeyRecord> {
  return whenThere(call.findKey(keyId, true), (key) => {
    if (key === undefined) throw noKeyOfBlob();
    const allowed = call.allowed(key, { lately: true, action, refusal: noKeyOfBlob });
    return whenThere(allowed, ({ value }) => value);
  });
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

function keyStoreCipher(): Promise<typeof import("./key-stores/cipher.ts")> {
  return import("./key-stores/cipher.ts");
}

function publicKeyEncryption(): Promise<typeof import("./public-key-encryption.ts")> {
  return import("./public-key-encryption.ts");
}
