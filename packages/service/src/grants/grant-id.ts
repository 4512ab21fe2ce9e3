/**
 * Ids of grants: 64 hex digits.
 *
 * The first 24 are a digest of the key and the grantee, the others are random. So the grants of one grantee stand side by side
 * among those of a key, and neither ListGrants nor an authorization needs another index to find them.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { KmsError } from "../errors.ts";

const PREFIX_BYTES = 12;
const RANDOM_BYTES = 20;

/** A fresh id of a grant on a key for a grantee, a principal or a service principal. */
export function newGrantId(random: (length: number) => Uint8Array, keyId: string, grantee: string): string {
  return granteePrefix(keyId, grantee) + bytesToHex(random(RANDOM_BYTES));
}

/** What the ids of all grants on a key for a grantee begin with; those of another may, once in 2^96 times. */
export function granteePrefix(keyId: string, grantee: string): string {
  return bytesToHex(sha256(utf8ToBytes(`${keyId} ${grantee}`)).subarray(0, PREFIX_BYTES));
}

/** The place of a principal in an index: it may be longer than what a store key holds. */
export function principalDigest(principal: string): string {
  return bytesToHex(sha256(utf8ToBytes(principal)));
}

/** @throws {KmsError} InvalidGrantIdException if no grant can have this id */
export function assertGrantId(grantId: string): void {
  if (/^[0-9a-f]{64}$/.test(grantId)) return;
  throw new KmsError("InvalidGrantIdException", `Invalid grant ID ${grantId}`);
}
