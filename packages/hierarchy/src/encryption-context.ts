/**
 * The canonical form of an encryption context: the AWS Encryption SDK's serialization.
 *
 * `u16 count ‖ (u16 length ‖ key ‖ u16 length ‖ value)*`, entries sorted by the UTF-8 bytes of their keys, big-endian,
 * no Unicode normalization. An absent context and an empty one are both zero bytes.
 */
import { concatBytes, utf8ToBytes } from "@kmslite/crypto";
import { HierarchyError } from "./errors.ts";
import { lengthPrefixed } from "./framing.ts";

/** Non-secret pairs that are bound to a ciphertext and must be given again to decrypt it. */
export type EncryptionContext = Readonly<Record<string, string>>;

const EMPTY = new Uint8Array(0);

/**
 * Serializes an encryption context.
 *
 * @throws {HierarchyError} `Malformed` if a text holds half a surrogate pair (it has no UTF-8), or a length does not
 *   fit its 16 bits
 */
export function canonicalEncryptionContext(context: EncryptionContext | undefined): Uint8Array {
  const entries = Object.entries(context ?? {});
  if (entries.length === 0) return EMPTY;
  if (entries.length > 0xffff) throw new HierarchyError("Malformed", "Encryption context: too many entries");
  const encoded = entries.map(([key, value]) => ({ key: encode(key), value: encode(value) }));
  encoded.sort((left, right) => compareBytes(left.key, right.key));
  const count = Uint8Array.of(encoded.length >>> 8, encoded.length);
  return concatBytes(
    count,
    ...encoded.flatMap((entry) => [lengthPrefixed(entry.key), lengthPrefixed(entry.value)]),
  );
}

function encode(text: string): Uint8Array {
  if (hasLoneSurrogate(text)) {
    throw new HierarchyError("Malformed", "Encryption context: half a surrogate pair has no UTF-8 form");
  }
  const bytes = utf8ToBytes(text);
  if (bytes.length > 0xffff) {
    throw new HierarchyError("Malformed", "Encryption context: a key or value is longer than 65,535 bytes");
  }
  return bytes;
}

/** The whole point of canonical bytes is that two contexts never share them; U+FFFD in place of halves would. */
function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
