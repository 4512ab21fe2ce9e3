/**
 * A backing key (HBK): the material of one version of one KMS key.
 *
 * Message keys are derived from it; it encrypts nothing itself. Its key material id is a one-way function of the
 * material and the key id, so the same material under the same key id has the same id wherever it is held.
 */
import { bytesToHex, fixedInputData, HmacSha256Key, kbkdfCounter, sha256 } from "@kmslite/crypto";
import { frame } from "./framing.ts";
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
  const keyMaterialIdBytes = derivedId(kdfKey, id);
  return {
    keyMaterialId: bytesToHex(keyMaterialIdBytes),
    keyId: id,
    keyMaterialIdBytes,
    kdfKey,
    destroy: () => kdfKey.destroy(),
  };
}

/**
 * The key material id of material that no message keys are derived from.
 *
 * @param keySpec  the key spec, so that the same bytes are another material under another spec
 * @param material an HMAC key; or the public key (DER of SubjectPublicKeyInfo) of a key pair, so that the same private key
 *   has the same id in whatever encoding it comes. 1 to 65,535 bytes; the caller's to wipe
 * @param keyId    the KMS key that it belongs to
 * @returns        64 lower-case hex digits
 */
export function keyMaterialIdOf(keySpec: string, material: Uint8Array, keyId: string): string {
  const framed = frame("KMSLite material", keySpec, material);
  const digest = sha256(framed);
  framed.fill(0);
  const key = new HmacSha256Key(digest);
  digest.fill(0);
  try {
    return bytesToHex(derivedId(key, parseKeyId(keyId)));
  } finally {
    key.destroy();
  }
}

function derivedId(key: HmacSha256Key, keyId: KeyIdBytes): Uint8Array {
  const input = fixedInputData("KMSLite mat id", keyId.bytes, KEY_MATERIAL_ID_LENGTH);
  return kbkdfCounter(key, input, KEY_MATERIAL_ID_LENGTH);
}
