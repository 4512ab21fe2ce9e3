/**
 * The lengths AES-GCM takes (NIST SP 800-38D §5.2.1), checked in one place for every engine.
 *
 * Tags under 12 bytes are refused everywhere: Appendix C allows 4 and 8 bytes only under limits on the number of
 * messages that a library cannot keep count of.
 */

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** @throws {RangeError} unless the key has 16, 24 or 32 bytes */
export function checkKey(key: Uint8Array): void {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new RangeError(`AES key: expected 16, 24 or 32 bytes, got ${key.length}`);
  }
}

/** @throws {RangeError} unless the IV has at least one byte */
export function checkIv(iv: Uint8Array): void {
  if (iv.length < 1) throw new RangeError("AES-GCM IV: expected at least 1 byte, got 0");
}

/**
 * The tag length in bytes, 16 unless given.
 *
 * @throws {RangeError} unless it is a whole number from 12 to 16
 */
export function checkTagLength(tagLength: number | undefined): number {
  if (tagLength === undefined) return 16;
  if (!Number.isInteger(tagLength) || tagLength < 12 || tagLength > 16) {
    throw new RangeError(`AES-GCM tag length: expected 12 to 16 bytes, got ${tagLength}`);
  }
  return tagLength;
}

/**
 * The length of the ciphertext inside sealed bytes.
 *
 * @throws {RangeError} if the sealed bytes are shorter than the tag
 */
export function ciphertextLength(sealed: Uint8Array, tagLength: number): number {
  if (sealed.length < tagLength) {
    throw new RangeError(`AES-GCM sealed bytes: expected at least ${tagLength} bytes, got ${sealed.length}`);
  }
  return sealed.length - tagLength;
}

/** Where the caller wants a result, if it says so. */
interface OutputOptions {
  readonly output?: Uint8Array | undefined;
}

/**
 * Where the `length` bytes of a result go: a new array unless one is given.
 *
 * @throws {RangeError} as {@link givenOutput}
 */
export function outputFor(input: Uint8Array, length: number, options: OutputOptions | undefined): Uint8Array {
  return givenOutput(input, length, options) ?? new Uint8Array(length);
}

/**
 * The first `length` bytes of the array that is given for a result, or `undefined` if none is.
 *
 * @throws {RangeError} if the given array is too short, overlaps the input elsewhere than at its beginning, or is shared with
 *   other threads, which could read what is not verified yet
 */
export function givenOutput(
  input: Uint8Array,
  length: number,
  options: OutputOptions | undefined,
): Uint8Array | undefined {
  const output = options?.output;
  if (output === undefined) return undefined;
  if (output.length < length) {
    throw new RangeError(`AES-GCM output: expected at least ${length} bytes, got ${output.length}`);
  }
  if (!(output.buffer instanceof ArrayBuffer)) throw new RangeError("AES-GCM output: shared memory");
  if (output.byteOffset !== input.byteOffset && overlap(input, output, length)) {
    throw new RangeError("AES-GCM output: overlaps the input");
  }
  return output.length === length ? output : output.subarray(0, length);
}

/**
 * As {@link outputFor}, for `length` bytes that come of a chunk and of what was kept back before it.
 *
 * @throws {RangeError} as {@link outputFor}, and for any overlap
 */
export function outputForChunk(
  chunk: Uint8Array,
  length: number,
  output: Uint8Array | undefined,
): Uint8Array {
  if (output !== undefined && overlap(chunk, output, length))
    throw new RangeError("AES-GCM output: overlaps the chunk");
  return outputFor(chunk, length, { output });
}

function overlap(input: Uint8Array, output: Uint8Array, length: number): boolean {
  const distance = output.byteOffset - input.byteOffset;
  return output.buffer === input.buffer && distance < input.length && -distance < length;
}

/** The associated data, empty unless given. */
export function aadOf(options: { readonly aad?: Uint8Array | undefined } | undefined): Uint8Array {
  return options?.aad ?? NO_BYTES;
}
