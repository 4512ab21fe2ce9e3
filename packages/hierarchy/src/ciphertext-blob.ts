/**
 * The ciphertext blob, version 1 (docs/ciphertext-format.md).
 *
 * | offset | length | field |
 * | ------ | ------ | ----- |
 * | 0      | 1      | format version, 0x81 |
 * | 1      | 1      | suite: 1 = KBKDF-CTR-HMAC-SHA-256, AES-256-GCM, 32-byte commitment |
 * | 2      | 1      | kind |
 * | 3      | 1      | flags: bit 0 = multi-Region |
 * | 4      | 16     | key id |
 * | 20     | 32     | key material id |
 * | 52     | 32     | N, random |
 * | 84     | 32     | commitment C |
 * | 116    | n      | AES-256-GCM ciphertext |
 * | 116+n  | 16     | tag |
 */
import { bytesToHex, concatBytes, sha256, utf8ToBytes } from "@kmslite/crypto";
import type { BackingKey } from "./backing-key.ts";
import type { Cryptography } from "./cryptography.ts";
import {
  COMMITMENT_LENGTH,
  type MessageBinding,
  openCommitted,
  RANDOM_LENGTH,
  sealCommitted,
  TAG_LENGTH,
} from "./derived-key-aead.ts";
import { HierarchyError } from "./errors.ts";
import { lengthPrefixed } from "./framing.ts";
import { formatKeyId } from "./key-id.ts";

/** Which operation made the blob. */
export type BlobKind = "Encrypt" | "DataKey" | "DataKeyPair";

const FORMAT_VERSION = 0x81;
const SUITE = 1;
const KINDS: readonly BlobKind[] = ["Encrypt", "DataKey", "DataKeyPair"];
const FLAG_MULTI_REGION = 1;

const KEY_ID_OFFSET = 4;
const MATERIAL_ID_OFFSET = 20;
const RANDOM_OFFSET = 52;
const COMMITMENT_OFFSET = 84;
const LABEL = "KMSLite v1 msg";

/** How much longer a blob is than its plaintext, in bytes. */
export const BLOB_OVERHEAD: number = COMMITMENT_OFFSET + COMMITMENT_LENGTH + TAG_LENGTH;
/** Greatest length of a blob in bytes, AWS KMS's own limit for a CiphertextBlob. */
export const BLOB_MAXIMUM = 6144;

/** What a blob says about itself without any key. Not authenticated before it was opened. */
export interface BlobHeader {
  readonly kind: BlobKind;
  readonly keyId: string;
  /** 64 lower-case hex digits. */
  readonly keyMaterialId: string;
}

/** What a blob is bound to besides its header. */
export interface BlobBinding {
  /** ARN of the KMS key without its Region, so that replicas of a multi-Region key agree. */
  readonly resourceId: string;
  /** From {@link canonicalEncryptionContext}. */
  readonly encryptionContext: Uint8Array;
}

/**
 * Encrypts under a message key derived from the backing key.
 *
 * @param plaintext 1 to 6,012 bytes
 * @returns `132 + plaintext.length` bytes
 */
export function sealBlob(
  cryptography: Cryptography,
  backing: BackingKey,
  place: { readonly kind: BlobKind } & BlobBinding,
  plaintext: Uint8Array,
): Uint8Array {
  if (plaintext.length < 1 || plaintext.length > BLOB_MAXIMUM - BLOB_OVERHEAD) {
    throw new RangeError(
      `Plaintext: expected 1 to ${BLOB_MAXIMUM - BLOB_OVERHEAD} bytes, got ${plaintext.length}`,
    );
  }
  const { bytes: keyId, multiRegion } = backing.keyId;
  const blob = new Uint8Array(BLOB_OVERHEAD + plaintext.length);
  blob[0] = FORMAT_VERSION;
  blob[1] = SUITE;
  blob[2] = KINDS.indexOf(place.kind) + 1;
  blob[3] = multiRegion ? FLAG_MULTI_REGION : 0;
  blob.set(keyId, KEY_ID_OFFSET);
  blob.set(backing.keyMaterialIdBytes, MATERIAL_ID_OFFSET);
  blob.set(cryptography.random(RANDOM_LENGTH), RANDOM_OFFSET);
  const binding = messageBinding(blob.subarray(0, COMMITMENT_OFFSET), place);
  sealCommitted(cryptography, backing.kdfKey, binding, plaintext, blob.subarray(COMMITMENT_OFFSET));
  return blob;
}

/**
 * Reads the header, strictly: unknown versions, suites, kinds and flags are refused.
 *
 * @throws {HierarchyError} `InvalidCiphertext`
 */
export function parseBlobHeader(blob: Uint8Array): BlobHeader {
  const kind = KINDS[(blob[2] ?? 0) - 1];
  const flags = blob[3] ?? 0;
  if (
    blob.length <= BLOB_OVERHEAD ||
    blob.length > BLOB_MAXIMUM ||
    blob[0] !== FORMAT_VERSION ||
    blob[1] !== SUITE ||
    kind === undefined ||
    (flags & ~FLAG_MULTI_REGION) !== 0
  ) {
    throw invalidCiphertext();
  }
  return {
    kind,
    keyId: formatKeyId(blob.subarray(KEY_ID_OFFSET, MATERIAL_ID_OFFSET), flags === FLAG_MULTI_REGION),
    keyMaterialId: bytesToHex(blob.subarray(MATERIAL_ID_OFFSET, RANDOM_OFFSET)),
  };
}

/**
 * Decrypts a blob under the backing key that its header names.
 *
 * @throws {HierarchyError} `InvalidCiphertext`, the same for an unparsable blob, a wrong commitment and a wrong tag
 */
export function openBlob(
  cryptography: Cryptography,
  backing: BackingKey,
  binding: BlobBinding,
  blob: Uint8Array,
): Uint8Array {
  if (parseBlobHeader(blob).keyMaterialId !== backing.keyMaterialId) throw invalidCiphertext();
  const message = messageBinding(blob.subarray(0, COMMITMENT_OFFSET), binding);
  const plaintext = openCommitted(cryptography, backing.kdfKey, message, blob.subarray(COMMITMENT_OFFSET));
  if (plaintext === undefined) throw invalidCiphertext();
  return plaintext;
}

function messageBinding(header: Uint8Array, { resourceId, encryptionContext }: BlobBinding): MessageBinding {
  return {
    label: LABEL,
    context: sha256(header, lengthPrefixed(utf8ToBytes(resourceId)), encryptionContext),
    aad: encryptionContext.length === 0 ? header : concatBytes(header, encryptionContext),
  };
}

function invalidCiphertext(): HierarchyError {
  return new HierarchyError("InvalidCiphertext", "The ciphertext blob can't be decrypted");
}
