/**
 * Key ids: 16 bytes, written as a UUID, or as `mrk-` and 32 hex digits for a multi-Region key.
 */
import { bytesToHex, hexToBytes } from "@kmslite/crypto";

/** Length of a key id in bytes. */
export const KEY_ID_LENGTH = 16;

const SINGLE_REGION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MULTI_REGION = /^mrk-[0-9a-f]{32}$/;

/** A key id as bytes, and which of its two spellings it has. */
export interface KeyIdBytes {
  readonly bytes: Uint8Array;
  readonly multiRegion: boolean;
}

/** Whether `text` is a key id in canonical (lower-case) spelling. */
export function isKeyId(text: string): boolean {
  return SINGLE_REGION.test(text) || MULTI_REGION.test(text);
}

/** @throws {RangeError} if `text` is no key id */
export function parseKeyId(text: string): KeyIdBytes {
  if (!isKeyId(text)) throw new RangeError("Key id: expected a UUID, or mrk- and 32 hex digits");
  const multiRegion = text.startsWith("mrk-");
  return { bytes: hexToBytes(multiRegion ? text.slice(4) : text.replaceAll("-", "")), multiRegion };
}

/** The spelling of a key id. */
export function formatKeyId(bytes: Uint8Array, multiRegion: boolean): string {
  const hex = bytesToHex(bytes);
  if (multiRegion) return `mrk-${hex}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A fresh key id: a version 4 UUID (RFC 9562 §5.4), or the same 16 bytes in multi-Region spelling. */
export function randomKeyId(random: (length: number) => Uint8Array, multiRegion = false): string {
  const bytes = random(KEY_ID_LENGTH);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return formatKeyId(bytes, multiRegion);
}
