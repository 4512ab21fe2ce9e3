/**
 * The ciphertext blob, version 1, suite 1 (docs/ciphertext-format.md): KBKDF-CTR-HMAC-SHA-256, AES-256-GCM, 32-byte commitment.
 *
 * | offset | length | field |
 * | ------ | ------ | ----- |
 * | 0      | 84     | header |
 * | 84     | 32     | commitment C |
 * | 116    | n      | AES-256-GCM ciphertext |
 * | 116+n  | 16     | tag |
 */
import type { BackingKey } from "./backing-key.ts";
import {
  BLOB_MAXIMUM,
  BLOB_OVERHEAD,
  type BlobBinding,
  type BlobHeader,
  type BlobKind,
  HEADER_LENGTH,
  invalidCiphertext,
  messageBinding,
  parseBlobHeader,
  writeHeader,
} from "./blob-header.ts";
import type { Cryptography } from "./cryptography.ts";
import { openCommitted, sealCommitted } from "./derived-key-aead.ts";

export {
  BLOB_MAXIMUM,
  BLOB_OVERHEAD,
  type BlobBinding,
  type BlobHeader,
  type BlobKind,
  type BlobSuite,
  boundResource,
  parseBlobHeader,
} from "./blob-header.ts";

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
  const blob = new Uint8Array(BLOB_OVERHEAD + plaintext.length);
  writeHeader(blob, cryptography, "MessageKey", place.kind, backing);
  const binding = messageBinding(blob.subarray(0, HEADER_LENGTH), place);
  sealCommitted(cryptography, backing.kdfKey, binding, plaintext, blob.subarray(HEADER_LENGTH));
  return blob;
}

/**
 * Decrypts a blob under the backing key that its header names.
 *
 * @param header what {@link parseBlobHeader} read of it, for who did so already
 * @throws {HierarchyError} `InvalidCiphertext`, the same for an unparsable blob, a wrong commitment and a wrong tag
 */
export function openBlob(
  cryptography: Cryptography,
  backing: BackingKey,
  binding: BlobBinding,
  blob: Uint8Array,
  { suite, keyMaterialId }: BlobHeader = parseBlobHeader(blob),
): Uint8Array {
  if (suite !== "MessageKey" || keyMaterialId !== backing.keyMaterialId) throw invalidCiphertext();
  const message = messageBinding(blob.subarray(0, HEADER_LENGTH), binding);
  const plaintext = openCommitted(cryptography, backing.kdfKey, message, blob.subarray(HEADER_LENGTH));
  if (plaintext === undefined) throw invalidCiphertext();
  return plaintext;
}
