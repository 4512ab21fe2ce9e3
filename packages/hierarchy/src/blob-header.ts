/**
 * What every ciphertext blob begins with, and what it is bound to (docs/ciphertext-format.md).
 *
 * | offset | length | field |
 * | ------ | ------ | ----- |
 * | 0      | 1      | format version, 0x81 |
 * | 1      | 1      | suite |
 * | 2      | 1      | kind |
 * | 3      | 1      | flags: bit 0 = multi-Region |
 * | 4      | 16     | key id |
 * | 20     | 32     | key material id |
 * | 52     | 32     | N, random |
 */
import { bytesToHex, concatBytes, sha256, utf8ToBytes } from "@kmslite/crypto";
import type { BackingKey } from "./backing-key.ts";
import { type Cryptography, platformRandom } from "./cryptography.ts";
import { COMMITMENT_LENGTH, type MessageBinding, RANDOM_LENGTH, TAG_LENGTH } from "./derived-key-aead.ts";
import { drawnRandom } from "./drawn-random.ts";
import { HierarchyError } from "./errors.ts";
import { lengthPrefixed } from "./framing.ts";
import { formatKeyId } from "./key-id.ts";

/** Which operation made the blob. */
export type BlobKind = "Encrypt" | "DataKey" | "DataKeyPair";

/** What encrypted it: a message key alone, or a message key and then the key of a custom key store. */
export type BlobSuite = "MessageKey" | "KeyStore";

const FORMAT_VERSION = 0x81;
const SUITES: readonly BlobSuite[] = ["MessageKey", "KeyStore"];
const KINDS: readonly BlobKind[] = ["Encrypt", "DataKey", "DataKeyPair"];
const FLAG_MULTI_REGION = 1;

const KEY_ID_OFFSET = 4;
const MATERIAL_ID_OFFSET = 20;
const RANDOM_OFFSET = 52;
const LABEL = "KMSLite v1 msg";

/** Length of the header in bytes. */
export const HEADER_LENGTH = 84;
/** How much longer a blob is than its plaintext, in bytes; one of a custom key store is longer still. */
export const BLOB_OVERHEAD: number = HEADER_LENGTH + COMMITMENT_LENGTH + TAG_LENGTH;
/** Greatest length of a blob in bytes, AWS KMS's own limit for a CiphertextBlob. */
export const BLOB_MAXIMUM = 6144;

/** What a blob says about itself without any key. Not authenticated before it was opened. */
export interface BlobHeader {
  readonly suite: BlobSuite;
  readonly kind: BlobKind;
  readonly keyId: string;
  /** 64 lower-case hex digits. */
  readonly keyMaterialId: string;
}

/** What a blob is bound to besides its header. */
export interface BlobBinding {
  /** From {@link boundResource}. */
  readonly resource: Uint8Array;
  /** From {@link canonicalEncryptionContext}. */
  readonly encryptionContext: Uint8Array;
}

/**
 * The KMS key as blobs are bound to it. Whoever encrypts under it often keeps this.
 *
 * @param resourceId its ARN without the Region, so that replicas of a multi-Region key agree
 */
export function boundResource(resourceId: string): Uint8Array {
  return lengthPrefixed(utf8ToBytes(resourceId));
}

/** Writes a fresh header to the beginning of `blob`: its random value is new every time. */
export function writeHeader(
  blob: Uint8Array,
  cryptography: Cryptography,
  suite: BlobSuite,
  kind: BlobKind,
  backing: BackingKey,
): void {
  const { bytes: keyId, multiRegion } = backing.keyId;
  blob[0] = FORMAT_VERSION;
  blob[1] = SUITES.indexOf(suite) + 1;
  blob[2] = KINDS.indexOf(kind) + 1;
  blob[3] = multiRegion ? FLAG_MULTI_REGION : 0;
  blob.set(keyId, KEY_ID_OFFSET);
  blob.set(backing.keyMaterialIdBytes, MATERIAL_ID_OFFSET);
  const random = cryptography.random === platformRandom ? drawnRandom : cryptography.random;
  blob.set(random(RANDOM_LENGTH), RANDOM_OFFSET);
}

/**
 * Reads the header, strictly: unknown versions, suites, kinds and flags are refused.
 *
 * @throws {HierarchyError} `InvalidCiphertext`
 */
export function parseBlobHeader(blob: Uint8Array): BlobHeader {
  const suite = SUITES[(blob[1] ?? 0) - 1];
  const kind = KINDS[(blob[2] ?? 0) - 1];
  const flags = blob[3] ?? 0;
  if (
    blob.length <= BLOB_OVERHEAD ||
    blob.length > BLOB_MAXIMUM ||
    blob[0] !== FORMAT_VERSION ||
    suite === undefined ||
    kind === undefined ||
    (flags & ~FLAG_MULTI_REGION) !== 0
  ) {
    throw invalidCiphertext();
  }
  return {
    suite,
    kind,
    keyId: formatKeyId(blob.subarray(KEY_ID_OFFSET, MATERIAL_ID_OFFSET), flags === FLAG_MULTI_REGION),
    keyMaterialId: bytesToHex(blob.subarray(MATERIAL_ID_OFFSET, RANDOM_OFFSET)),
  };
}

/** Everything that the message key depends on, and what is authenticated along with the ciphertext. */
export function messageBinding(
  header: Uint8Array,
  { resource, encryptionContext }: BlobBinding,
): MessageBinding {
  return {
    label: LABEL,
    context: sha256(header, resource, encryptionContext),
    aad: encryptionContext.length === 0 ? header : concatBytes(header, encryptionContext),
  };
}

/** The one error for every blob that does not open. */
export function invalidCiphertext(): HierarchyError {
  return new HierarchyError("InvalidCiphertext", "The ciphertext blob can't be decrypted");
}
