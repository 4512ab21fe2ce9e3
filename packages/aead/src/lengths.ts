/** What every engine checks before it works. */
import type { MessageOptions } from "./engine.ts";

/** Length of a tag in bytes unless the caller says otherwise. */
export const DEFAULT_TAG_LENGTH = 16;

/**
 * Tag length and AAD of a message, after every length was checked.
 *
 * @throws {RangeError} with what was expected and what was got
 */
export function checkedOptions(
  key: Uint8Array,
  iv: Uint8Array,
  options: MessageOptions = {},
): { readonly aad: Uint8Array; readonly tagLength: number } {
  const tagLength = options.tagLength ?? DEFAULT_TAG_LENGTH;
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new RangeError(`AES key: expected 16, 24 or 32 bytes, got ${key.length}`);
  }
  if (iv.length < 1) throw new RangeError("IV: expected 1 byte or more, got 0");
  if (!Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
    throw new RangeError(`Tag length: expected 12 to 16 bytes, got ${tagLength}`);
  }
  return { aad: options.aad ?? EMPTY, tagLength };
}

const EMPTY = new Uint8Array(0);
