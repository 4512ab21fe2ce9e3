/**
 * Import tokens: what ties an ImportKeyMaterial request to the wrapping key that GetParametersForImport made for a KMS key.
 *
 * The body is `u64 end of validity (milliseconds since 1970) ‖ 16 bytes that name the wrapping key ‖ the KMS key's ARN`; a tag
 * follows (`OpaqueTokens`). So a token says itself, and provably, that it has expired, when the wrapping key is gone already.
 */
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { Database } from "../database/database.ts";
import { KmsError } from "../errors.ts";

const NAME_LENGTH = 16;
const HEADER_LENGTH = 8 + NAME_LENGTH;

/** What a token says. */
export interface ImportToken {
  /** 32 hex digits. */
  readonly wrappingKeyId: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
  /** ARN of the KMS key. */
  readonly arn: string;
}

export function sealImportToken(
  database: Database,
  { wrappingKeyId, validTo, arn }: ImportToken,
): Uint8Array {
  const name = new TextEncoder().encode(arn);
  const body = new Uint8Array(HEADER_LENGTH + name.length);
  new DataView(body.buffer).setBigUint64(0, BigInt(validTo));
  body.set(hexToBytes(wrappingKeyId), 8);
  body.set(name, HEADER_LENGTH);
  return database.importTokens.seal(body);
}

/**
 * The wrapping key that a token names.
 *
 * @param arn of the KMS key that it must be for
 * @throws {KmsError} InvalidImportTokenException or ExpiredImportTokenException
 */
export function openImportToken(database: Database, token: Uint8Array, arn: string, now: number): string {
  const body = database.importTokens.open(token);
  if (body === undefined || new TextDecoder().decode(body.subarray(HEADER_LENGTH)) !== arn)
    throw invalidImportToken();
  const validTo = Number(new DataView(body.buffer, body.byteOffset).getBigUint64(0));
  if (validTo <= now) {
    throw new KmsError("ExpiredImportTokenException", "The import token has expired.");
  }
  return bytesToHex(body.subarray(8, HEADER_LENGTH));
}

export function invalidImportToken(): KmsError {
  return new KmsError("InvalidImportTokenException", "The import token is not valid for this key.");
}
