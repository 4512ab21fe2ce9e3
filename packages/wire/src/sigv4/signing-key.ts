/**
 * Signing keys: derivation, the signature itself, and a bounded cache.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 4: four HMAC-SHA-256 steps over date, Region,
 * service and terminator. A key serves one access key for one UTC day in one Region, so that a busy server
 * derives each once a day.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type CredentialScope, formatScope, TERMINATOR } from "./canonical-request.ts";

/** @returns 32 bytes */
export function deriveSigningKey(secretAccessKey: string, scope: CredentialScope): Uint8Array {
  let key: Uint8Array = utf8ToBytes(`AWS4${secretAccessKey}`);
  for (const step of [scope.date, scope.region, scope.service, TERMINATOR]) {
    const next = hmac(sha256, key, utf8ToBytes(step));
    // The secret itself is among them.
    key.fill(0);
    key = next;
  }
  return key;
}

/** The signature: 64 lower-case hexadecimal digits. */
export function sign(signingKey: Uint8Array, stringToSign: string): string {
  return bytesToHex(hmac(sha256, signingKey, utf8ToBytes(stringToSign)));
}

/** Gives the signing key of an access key in a scope. */
type SigningKeys = (accessKeyId: string, secretAccessKey: string, scope: CredentialScope) => Uint8Array;

/**
 * Signing keys, remembered. When `capacity` is reached the key that was used longest ago is forgotten.
 * A secret that was changed under the same access key id is noticed: the remembered key is then not used.
 */
export function createSigningKeyCache(capacity = 1_024): SigningKeys {
  const remembered = new Map<string, { readonly secretAccessKey: string; readonly key: Uint8Array }>();
  return (accessKeyId, secretAccessKey, scope) => {
    const name = `${accessKeyId}/${formatScope(scope)}`;
    let entry = remembered.get(name);
    if (entry?.secretAccessKey !== secretAccessKey) {
      entry = { secretAccessKey, key: deriveSigningKey(secretAccessKey, scope) };
    }
    // Deleting first moves the entry to the end, so that the map's order is the order of last use.
    remembered.delete(name);
    remembered.set(name, entry);
    if (remembered.size > capacity) remembered.delete(remembered.keys().next().value as string);
    return entry.key;
  };
}
