/** The four requests of the XKS Proxy API v1.0. */
import type { KeyStoreCiphertext } from "@kmslite/hierarchy/key-stores";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { fromBase64, toBase64 } from "./base64.ts";
import { askProxy, type RequestMetadata, type XksProxy } from "./client.ts";
import { XksFailure } from "./failure.ts";

const METADATA_MAXIMUM = 20;
const TAG_LENGTH = 16;
const EKM_MAXIMUM = 10;
const USAGES_MAXIMUM = 10;
const HEALTH = ["ACTIVE", "DEGRADED", "UNAVAILABLE"];

/**
 * GetHealthStatus.
 *
 * @throws {XksFailure} also if the proxy says that none of its key managers is available
 */
export async function assertHealthy(proxy: XksProxy, requestMetadata: RequestMetadata): Promise<void> {
  const answer = await askProxy(proxy, "health", { requestMetadata });
  const { xksProxyFleetSize: size, ekmFleetDetails: fleet } = answer;
  const named = ["xksProxyVendor", "xksProxyModel", "ekmVendor"].every(
    (name) => typeof answer[name] === "string",
  );
  if (!named || !Number.isSafeInteger(size) || (size as number) < 1 || !isFleet(fleet)) {
    throw new XksFailure("MalformedResponse");
  }
  if (fleet.every(({ healthStatus }) => healthStatus === "UNAVAILABLE")) throw new XksFailure("NoKeyManager");
}

function isFleet(fleet: unknown): fleet is readonly { readonly healthStatus: string }[] {
  return (
    Array.isArray(fleet) &&
    fleet.length >= 1 &&
    fleet.length <= EKM_MAXIMUM &&
    fleet.every(
      (manager) =>
        typeof manager?.id === "string" &&
        typeof manager.model === "string" &&
        HEALTH.includes(manager.healthStatus),
    )
  );
}

/**
 * GetKeyMetadata, for a key that a KMS key shall be made of.
 *
 * @throws {XksFailure} `InvalidStateException` or `InvalidKeyUsageException` if no KMS key can be made of it
 */
export async function assertUsableKey(
  proxy: XksProxy,
  xksKeyId: string,
  requestMetadata: RequestMetadata,
): Promise<void> {
  const answer = await askProxy(proxy, `${keyPath(xksKeyId)}/metadata`, { requestMetadata });
  const { keySpec, keyUsage, keyStatus } = answer;
  const usages: readonly unknown[] = Array.isArray(keyUsage) ? keyUsage : [];
  if (
    typeof keySpec !== "string" ||
    typeof keyStatus !== "string" ||
    usages.length < 1 ||
    usages.length > USAGES_MAXIMUM ||
    !usages.every((usage) => typeof usage === "string")
  ) {
    throw new XksFailure("MalformedResponse");
  }
  if (keySpec !== "AES_256" || !usages.includes("ENCRYPT") || !usages.includes("DECRYPT")) {
    throw new XksFailure("InvalidKeyUsageException");
  }
  if (keyStatus !== "ENABLED") throw new XksFailure("InvalidStateException");
}

/**
 * Encrypt. The proxy vouches for its answer with a hash over it (CDIV), taken before it checked that it decrypts; a bit that
 * flipped since then is found here.
 */
export async function encryptWithProxy(
  proxy: XksProxy,
  xksKeyId: string,
  requestMetadata: RequestMetadata,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Promise<KeyStoreCiphertext> {
  const answer = await askProxy(proxy, `${keyPath(xksKeyId)}/encrypt`, {
    requestMetadata,
    plaintext: toBase64(plaintext),
    encryptionAlgorithm: "AES_GCM",
    additionalAuthenticatedData: toBase64(aad),
    ciphertextDataIntegrityValueAlgorithm: "SHA_256",
  });
  const metadata =
    answer["ciphertextMetadata"] === undefined || answer["ciphertextMetadata"] === null
      ? new Uint8Array(0)
      : fromBase64(answer["ciphertextMetadata"], (length) => length <= METADATA_MAXIMUM);
  const iv = fromBase64(answer["initializationVector"], (length) => length === 12 || length === 16);
  const tag = fromBase64(answer["authenticationTag"], (length) => length === TAG_LENGTH);
  const ciphertext = fromBase64(answer["ciphertext"], (length) => length === plaintext.length);
  const integrity = fromBase64(answer["ciphertextDataIntegrityValue"], (length) => length === 32);
  const expected = ciphertextDataIntegrityValue(aad, { metadata, iv, ciphertext, tag });
  if (!integrity.every((byte, index) => byte === expected[index])) throw new XksFailure("MalformedResponse");
  return { metadata, iv, tag, ciphertext };
}

/** Decrypt. */
export async function decryptWithProxy(
  proxy: XksProxy,
  xksKeyId: string,
  requestMetadata: RequestMetadata,
  { metadata, iv, tag, ciphertext }: KeyStoreCiphertext,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const answer = await askProxy(proxy, `${keyPath(xksKeyId)}/decrypt`, {
    requestMetadata,
    ciphertext: toBase64(ciphertext),
    ...(metadata.length === 0 ? {} : { ciphertextMetadata: toBase64(metadata) }),
    encryptionAlgorithm: "AES_GCM",
    additionalAuthenticatedData: toBase64(aad),
    initializationVector: toBase64(iv),
    authenticationTag: toBase64(tag),
  });
  return fromBase64(answer["plaintext"], (length) => length === ciphertext.length);
}

/** SHA-256 over what Encrypt gave (Appendix C). */
export function ciphertextDataIntegrityValue(
  aad: Uint8Array,
  { metadata, iv, ciphertext, tag }: KeyStoreCiphertext,
): Uint8Array {
  return sha256(concatBytes(aad, metadata, iv, ciphertext, tag));
}

/** A URL swallows these two as steps in its path, so no proxy can have such keys. */
const DOT_SEGMENTS = [".", ".."];

function keyPath(xksKeyId: string): string {
  if (DOT_SEGMENTS.includes(xksKeyId)) throw new XksFailure("KeyNotFoundException");
  return `keys/${xksKeyId}`;
}
