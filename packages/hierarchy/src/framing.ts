/** Unambiguous concatenation: no two different lists of fields give the same bytes. */
import { concatBytes, utf8ToBytes } from "@kmslite/crypto";

/** `u16 length ‖ bytes`, big-endian; at most 65,535 bytes. */
export function lengthPrefixed(field: Uint8Array): Uint8Array {
  if (field.length > 0xffff) throw new RangeError(`Field: expected at most 65535 bytes, got ${field.length}`);
  const framed = new Uint8Array(2 + field.length);
  framed[0] = field.length >>> 8;
  framed[1] = field.length;
  framed.set(field, 2);
  return framed;
}

/** Every field length-prefixed, texts as UTF-8. */
export function frame(...fields: readonly (Uint8Array | string)[]): Uint8Array {
  return concatBytes(
    ...fields.map((field) => lengthPrefixed(typeof field === "string" ? utf8ToBytes(field) : field)),
  );
}
