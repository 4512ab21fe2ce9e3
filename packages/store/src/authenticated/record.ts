/**
 * The form of an authenticated record.
 *
 * `u8 format (1) ‖ tag (32) ‖ u16 length ‖ next key ‖ payload`. The tag is HMAC-SHA-256 over the record's key, its
 * version, the key of its successor in the table, and the payload: a record that was edited, moved to another key or
 * given another version does not verify.
 */
import { equalConstantTime, HMAC_SHA256_LENGTH, type HmacSha256Key } from "@kmslite/crypto";
import type { StoreKey, StoreRecord, Version } from "../contract.ts";

/** A record that verified. */
export interface AuthenticRecord {
  readonly key: StoreKey;
  readonly version: Version;
  readonly payload: Uint8Array;
  /** The key that follows in the same table; empty after the last. */
  readonly next: StoreKey;
}

/** A record was edited, moved, swapped, inserted or deleted by somebody who does not hold the record key. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
  /** The key of the record. */
  readonly record: StoreKey;

  constructor(record: StoreKey, reason: string) {
    super(`Store record '${record}' ${reason}`);
    this.record = record;
  }
}

const FORMAT = 1;
const TAG_OFFSET = 1;
const NEXT_LENGTH_OFFSET: number = TAG_OFFSET + HMAC_SHA256_LENGTH;
const NEXT_OFFSET: number = NEXT_LENGTH_OFFSET + 2;

/** The bytes of a record for the store. */
export function encodeRecord(recordKey: HmacSha256Key, record: AuthenticRecord): Uint8Array {
  const next = ascii(record.next);
  const value = new Uint8Array(NEXT_OFFSET + next.length + record.payload.length);
  value[0] = FORMAT;
  new DataView(value.buffer).setUint16(NEXT_LENGTH_OFFSET, next.length);
  value.set(next, NEXT_OFFSET);
  value.set(record.payload, NEXT_OFFSET + next.length);
  value.set(tagOf(recordKey, record.key, record.version, value.subarray(NEXT_LENGTH_OFFSET)), TAG_OFFSET);
  return value;
}

/** @throws {IntegrityError} if the record does not verify */
export function decodeRecord(recordKey: HmacSha256Key, stored: StoreRecord): AuthenticRecord {
  const { key, version, value } = stored;
  const authenticated = value.subarray(NEXT_LENGTH_OFFSET);
  const tag = value.subarray(TAG_OFFSET, NEXT_LENGTH_OFFSET);
  if (
    value.length < NEXT_OFFSET ||
    value[0] !== FORMAT ||
    !Number.isSafeInteger(version) ||
    !equalConstantTime(tag, tagOf(recordKey, key, version, authenticated))
  ) {
    throw new IntegrityError(key, "was edited, moved or swapped: it does not verify under the record key");
  }
  const nextLength = new DataView(value.buffer, value.byteOffset).getUint16(NEXT_LENGTH_OFFSET);
  const payloadOffset = NEXT_OFFSET + nextLength;
  const next = String.fromCharCode(...value.subarray(NEXT_OFFSET, payloadOffset));
  return { key, version, next, payload: value.slice(payloadOffset) };
}

/**
 * The payload of a record that can't be verified yet, because the key that verifies it is inside; `undefined` if the
 * bytes are no record. Whoever uses it must verify it before trusting it.
 */
export function unverifiedPayload(value: Uint8Array): Uint8Array | undefined {
  if (value.length < NEXT_OFFSET) return undefined;
  const nextLength = new DataView(value.buffer, value.byteOffset).getUint16(NEXT_LENGTH_OFFSET);
  return value.slice(NEXT_OFFSET + nextLength);
}

function tagOf(
  recordKey: HmacSha256Key,
  key: StoreKey,
  version: Version,
  authenticated: Uint8Array,
): Uint8Array {
  const place = ascii(key);
  const header = new Uint8Array(2 + place.length + 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, place.length);
  header.set(place, 2);
  view.setBigUint64(2 + place.length, BigInt(version));
  return recordKey.mac(header, authenticated);
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
