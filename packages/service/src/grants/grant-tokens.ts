/**
 * Grant tokens: base64, opaque, authenticated. They name a grant.
 *
 * `u8 version (1) ‖ u8 multi-Region ‖ key id (16) ‖ grant id (32) ‖ random (16) ‖ Region`, with the tag of
 * {@link OpaqueTokens}. The store knows of a grant as soon as CreateGrant has answered, so a token gives nothing that the grant
 * itself does not; what is checked is that it is a token at all.
 */
import { formatKeyId, KEY_ID_LENGTH, parseKeyId } from "@kmslite/hierarchy";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Database } from "../database/database.ts";
import { KmsError } from "../errors.ts";

/** What a token names. */
export interface NamedGrant {
  readonly region: string;
  readonly keyId: string;
  readonly grantId: string;
}

const VERSION = 1;
const KEY_ID_OFFSET = 2;
const GRANT_ID_OFFSET: number = KEY_ID_OFFSET + KEY_ID_LENGTH;
const NONCE_OFFSET: number = GRANT_ID_OFFSET + 32;
const REGION_OFFSET: number = NONCE_OFFSET + 16;

/** A token for a grant; no two are equal, and all of one grant are worth the same. */
export function writeGrantToken(database: Database, { region, keyId, grantId }: NamedGrant): string {
  const { bytes, multiRegion } = parseKeyId(keyId);
  const nonce = database.cryptography.random(REGION_OFFSET - NONCE_OFFSET);
  const head = Uint8Array.of(VERSION, multiRegion ? 1 : 0);
  const body = concatBytes(head, bytes, hexToBytes(grantId), nonce, utf8ToBytes(region));
  return btoa(String.fromCharCode(...database.grantTokens.seal(body)));
}

/** @throws {KmsError} InvalidGrantTokenException if it is none of ours */
export function readGrantToken(database: Database, token: string): NamedGrant {
  const body = database.grantTokens.open(bytesOf(token));
  if (body === undefined || body[0] !== VERSION) throw invalidGrantToken();
  return {
    region: new TextDecoder().decode(body.subarray(REGION_OFFSET)),
    keyId: formatKeyId(body.subarray(KEY_ID_OFFSET, GRANT_ID_OFFSET), body[1] === 1),
    grantId: bytesToHex(body.subarray(GRANT_ID_OFFSET, NONCE_OFFSET)),
  };
}

/** @throws {KmsError} InvalidGrantTokenException if one of them is none of ours */
export function assertGrantTokens(database: Database, tokens: readonly string[]): void {
  for (const token of tokens) readGrantToken(database, token);
}

export function invalidGrantToken(): KmsError {
  return new KmsError("InvalidGrantTokenException", "The grant token is not valid");
}

/** The bytes of canonical base64; none if it is something else. */
function bytesOf(token: string): Uint8Array {
  try {
    const binary = atob(token);
    if (btoa(binary) === token) return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // No base64: refused like any other text that is no token.
  }
  return new Uint8Array(0);
}
