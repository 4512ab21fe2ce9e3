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
import { keyArn, keyResourceId } from "./arn.ts";
import type { Call } from "./call.ts";
import type { KeyRecord, Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { assertState, USABLE } from "./key-state.ts";
import type { EncryptionAlgorithmSpec, RecipientInfo } from "./shapes/common.ts";

/** An encryption context as requests carry it. */
export type RequestContext = Readonly<Record<string, string>> | undefined;

/** Encrypts under the current backing key. */
export async function encryptUnder(
  call: Call,
  key: KeyRecord,
  kind: BlobKind,
  context: RequestContext,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const encryptionContext = canonical(context);
  const backing = await call.runtime.backingKey(key, key.keyMaterialId);
  if (backing === undefined)
    throw new KmsError("KMSInternalException", `The material of ${key.keyId} is missing`);
  const place = { kind, resourceId: keyResourceId(key, key.keyId), encryptionContext };
  return sealBlob(call.runtime.database.cryptography, backing, place, plaintext);
}

/** A decrypted blob and the key that opened it. */
export interface Decrypted {
  readonly plaintext: Uint8Array;
  readonly key: KeyRecord;
  readonly keyMaterialId: string;
}

/**
 * Decrypts a blob, wherever in its key's history the backing key lies.
 *
 * @param keyId  the key that the caller expects, if it names one
 * @param action the permission that this takes
 */
export async function decryptBlob(
  call: Call,
  blob: Uint8Array,
  context: RequestContext,
  keyId: string | undefined,
  action: "Decrypt" | "ReEncryptFrom",
): Promise<Decrypted> {
  const expected =
    keyId === undefined ? undefined : await call.resolveKey(keyId, { alias: true, lately: true, action });
  const header = orInvalidCiphertext(() => parseBlobHeader(blob));
  const key = await keyOfBlob(call, header.keyId);
  if (expected !== undefined && expected.value.keyId !== key.value.keyId) {
    throw new KmsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  }
  assertState(key.value, USABLE);
  const encryptionContext = canonical(context);
  const backing = await call.runtime.backingKey(key.value, header.keyMaterialId);
  if (backing === undefined) throw invalidCiphertext();
  const binding = { resourceId: keyResourceId(key.value, key.value.keyId), encryptionContext };
  const { cryptography } = call.runtime.database;
  const plaintext = orInvalidCiphertext(() => openBlob(cryptography, backing, binding, blob));
  return { plaintext, key: key.value, keyMaterialId: header.keyMaterialId };
}

/** @throws {KmsError} InvalidKeyUsageException: a symmetric key has one algorithm */
export function assertSymmetric(key: KeyRecord, algorithm: EncryptionAlgorithmSpec | undefined): void {
  if (algorithm !== undefined && algorithm !== "SYMMETRIC_DEFAULT") {
    throw new KmsError(
      "InvalidKeyUsageException",
      `${keyArn(key, key.keyId)} key usage is ${key.keyUsage} which is not valid for ${algorithm}.`,
    );
  }
}

/** @throws {KmsError} DryRunOperationException if the caller only asked whether the call would succeed */
export function assertNotDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) {
    throw new KmsError(
      "DryRunOperationException",
      "The request would have succeeded, but the DryRun option is set.",
    );
  }
}

/** Whether a dry run asks for the permission alone, without a ciphertext to check. */
export function ignoresCiphertext(request: {
  readonly DryRun?: boolean | undefined;
  readonly DryRunModifiers?: readonly string[] | undefined;
}): boolean {
  return request.DryRun === true && request.DryRunModifiers?.includes("IGNORE_CIPHERTEXT") === true;
}

/** The key that a dry run without ciphertext must name, since no blob names it. */
export async function keyOfDryRun(
  call: Call,
  keyId: string | undefined,
  action: "Decrypt" | "ReEncryptFrom",
): Promise<KeyRecord> {
  if (keyId === undefined) {
    throw new KmsError("ValidationException", "The key ID is required when the ciphertext is ignored.");
  }
  const key = await call.resolveKey(keyId, { alias: true, lately: true, action });
  assertState(key.value, USABLE);
  return key.value;
}

/** @throws {KmsError} UnsupportedOperationException: answers to enclaves are not built */
export function assertNoRecipient(recipient: RecipientInfo | undefined): void {
  if (recipient !== undefined) {
    throw new KmsError("UnsupportedOperationException", "Recipient is not supported");
  }
}

/** The blob of a request; @throws {KmsError} ValidationException if there is none */
export function requiredCiphertext(blob: Uint8Array | undefined): Uint8Array {
  if (blob !== undefined) return blob;
  throw new KmsError(
    "ValidationException",
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
  );
}

/** The one error for a blob that does not open, without a word on why. */
function invalidCiphertext(): KmsError {
  return new KmsError("InvalidCiphertextException", "");
}

async function keyOfBlob(call: Call, keyId: string): Promise<Row<KeyRecord>> {
  const key = await call.findKey(keyId, true);
  if (key === undefined) {
    throw new KmsError(
      "AccessDeniedException",
      "The ciphertext refers to a customer master key that does not exist, does not exist in this region, " +
        "or you are not allowed to access.",
    );
  }
  return key;
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
