/**
 * Bytes as text and back, and put together: what every package needs, most of it from `@noble/hashes`. For the main module alone, which
 * takes that in: another entry that imports this would cut it into two downloads (`packages/bundle.ts`).
 */
export { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";

/** One for all: making an encoder costs a browser more than encoding. */
const encoder = new TextEncoder();

/** UTF-8; half a surrogate pair becomes U+FFFD. */
export function utf8ToBytes(text: string): Uint8Array {
  return encoder.encode(text);
}
