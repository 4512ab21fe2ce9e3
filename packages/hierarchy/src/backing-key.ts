/**
 * A backing key (HBK): the material of one version of one KMS key.
 *
 * Message keys are derived from it; it encrypts nothing itself. Its key material id is a one-way function of the
 * material and the key id, so the same material under the same key id has the same id wherever it is held.
 */
import { fixedInputData, HmacSha256Key, kbkdfCounter } from "@kmslite/crypto";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type KeyIdBytes, parseKeyId } from "./key-id.ts";

/** Length of symmetric key material in bytes. */
export const BACKING_KEY_LENGTH = 32;
/** Length of a key material id in bytes; it is written as 64 hex digits. */
export const KEY_MATERIAL_ID_LENGTH = 32;

/** A backing key, ready to derive. Holds secrets: {@link BackingKey.destroy} it when it is no longer needed. */
export interface BackingKey {
  /** 64 lower-case hex digits. */
  readonly keyMaterialId: string;
  /** The KMS key's id. */
  readonly keyId: KeyIdBytes;
  /** The same key material id as bytes: blobs carry it, and reading the digits anew for each would cost more than encrypting. */
  readonly keyMaterialIdBytes: Uint8Array;
  readonly kdfKey: HmacSha256Key;
  destroy(): void;
}

/**
 * Prepares key material for use.
 *
 * @param material 32 bytes; absorbed, not kept, and the caller's to wipe
 * @param keyId    the KMS key that it belongs to
 */
export function backingKey(material: Uint8Array, keyId: string): BackingKey {
  if (material.length !== BACKING_KEY_LENGTH) {
    throw new RangeError(`Key material: expected ${BACKING_KEY_LENGTH} bytes, got ${material.length}`);
  }
  const kdfKey = new HmacSha256Key(material);
  const id = parseKeyId(keyId);
  const input = fixedInputData("KMSLite mat id", id.bytes, KEY_MATERIAL_ID_LENGTH);
  const keyMaterialIdBytes = kbkdfCounter(kdfKey, input, KEY_MATERIAL_ID_LENGTH);
  return {
    keyMaterialId: bytesToHex(keyMaterialIdBytes),
    keyId: id,
    keyMaterialIdBytes,
    kdfKey,
    destroy: () => kdfKey.destroy(),
  };
}
