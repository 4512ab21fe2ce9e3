/**
 * The ciphertext blob, version 1, suite 2 (docs/ciphertext-format.md): encrypted twice, first as in suite 1 under a message key
 * of the backing key, then by the custom key store that holds the other half of the KMS key. Neither of the two opens it alone.
 *
 * | offset   | length | field |
 * | -------- | ------ | ----- |
 * | 0        | 84     | header |
 * | 84       | 1      | m, 0 to 20 |
 * | 85       | m      | metadata of the key store |
 * | 85+m     | 1      | v, 12 or 16 |
 * | 86+m     | v      | IV of the key store |
 * | 86+m+v   | 16     | tag of the key store |
 * | 102+m+v  | 48+n   | `C ‖ ciphertext ‖ tag` of suite 1, encrypted by the key store with AES-256-GCM |
 *
 * The key store's AAD is the 32-byte context of suite 1, which binds header, KMS key and encryption context; so the key store
 * sees neither plaintext nor encryption context.
 */
import { concatBytes } from "@kmslite/crypto";
import type { BackingKey } from "./backing-key.ts";
import {
  BLOB_MAXIMUM,
  type BlobBinding,
  type BlobKind,
  HEADER_LENGTH,
  invalidCiphertext,
  messageBinding,
  parseBlobHeader,
  writeHeader,
} from "./blob-header.ts";
import type { Cryptography } from "./cryptography.ts";
import { COMMITMENT_LENGTH, openCommitted, sealCommitted, TAG_LENGTH } from "./derived-key-aead.ts";

/** Greatest length of a key store's metadata in bytes (XKS Proxy API v1.0, ciphertextMetadata). */
export const KEY_STORE_METADATA_MAXIMUM = 20;
const IV_LENGTHS: readonly number[] = [12, 16];

/** What a key store's encryption gives: AES-256-GCM, the ciphertext as long as the plaintext. */
export interface KeyStoreCiphertext {
  /** What the key store wants to see again when it decrypts: 0 to 20 bytes. */
  readonly metadata: Uint8Array;
  /** 12 or 16 bytes. */
  readonly iv: Uint8Array;
  /** 16 bytes. */
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The key of a custom key store. */
export interface KeyStoreCipher {
  encrypt(plaintext: Uint8Array, aad: Uint8Array): Promise<KeyStoreCiphertext>;
  decrypt(sealed: KeyStoreCiphertext, aad: Uint8Array): Promise<Uint8Array>;
}

/**
 * Encrypts under a message key of the backing key, and the result under the key store's key.
 *
 * @param plaintext 1 to 4,252 bytes; 4,300 bytes is what every key store takes
 * @throws {RangeError} if the key store's answer has not the form that it should have
 */
export async function sealKeyStoreBlob(
  cryptography: Cryptography,
  backing: BackingKey,
  place: { readonly kind: BlobKind } & BlobBinding,
  cipher: KeyStoreCipher,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const header = new Uint8Array(HEADER_LENGTH);
  writeHeader(header, cryptography, "KeyStore", place.kind, backing);
  const binding = messageBinding(header, place);
  const inner = new Uint8Array(COMMITMENT_LENGTH + plaintext.length + TAG_LENGTH);
  sealCommitted(cryptography, backing.kdfKey, binding, plaintext, inner);
  const { metadata, iv, tag, ciphertext } = await cipher.encrypt(inner, binding.context);
  if (
    metadata.length > KEY_STORE_METADATA_MAXIMUM ||
    !IV_LENGTHS.includes(iv.length) ||
    tag.length !== TAG_LENGTH ||
    ciphertext.length !== inner.length
  ) {
    throw new RangeError("The key store's ciphertext has not the form that it should have");
  }
  const blob = concatBytes(
    header,
    Uint8Array.of(metadata.length),
    metadata,
    Uint8Array.of(iv.length),
    iv,
    tag,
    ciphertext,
  );
  if (blob.length > BLOB_MAXIMUM) {
    throw new RangeError(`Blob: expected at most ${BLOB_MAXIMUM} bytes, got ${blob.length}`);
  }
  return blob;
}

/**
 * Has the key store decrypt, then decrypts under the backing key that the header names.
 *
 * @param backing gives that backing key; asked after the key store answered, since keys in memory are wiped when they leave
 * @throws {HierarchyError} `InvalidCiphertext`; whatever the key store throws is passed on
 */
export async function openKeyStoreBlob(
  cryptography: Cryptography,
  backing: (keyMaterialId: string) => Promise<BackingKey | undefined>,
  binding: BlobBinding,
  cipher: KeyStoreCipher,
  blob: Uint8Array,
): Promise<Uint8Array> {
  const { suite, keyMaterialId } = parseBlobHeader(blob);
  if (suite !== "KeyStore") throw invalidCiphertext();
  const sealed = parseBody(blob);
  const message = messageBinding(blob.subarray(0, HEADER_LENGTH), binding);
  const inner = await cipher.decrypt(sealed, message.context);
  const key = await backing(keyMaterialId);
  const plaintext = key && openCommitted(cryptography, key.kdfKey, message, inner);
  if (plaintext === undefined) throw invalidCiphertext();
  return plaintext;
}

function parseBody(blob: Uint8Array): KeyStoreCiphertext {
  let offset = HEADER_LENGTH;
  const take = (length: number): Uint8Array => {
    if (offset + length > blob.length) throw invalidCiphertext();
    offset += length;
    return blob.slice(offset - length, offset);
  };
  const metadata = take(take(1)[0] ?? 0);
  const iv = take(take(1)[0] ?? 0);
  const tag = take(TAG_LENGTH);
  const ciphertext = blob.slice(offset);
  if (
    metadata.length > KEY_STORE_METADATA_MAXIMUM ||
    !IV_LENGTHS.includes(iv.length) ||
    ciphertext.length <= COMMITMENT_LENGTH + TAG_LENGTH
  ) {
    throw invalidCiphertext();
  }
  return { metadata, iv, tag, ciphertext };
}
