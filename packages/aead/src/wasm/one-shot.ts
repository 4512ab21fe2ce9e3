/** Whole messages on a kernel: in one call of the module where they fit its buffer, in pieces where they don't. */
import { AuthenticationError, type WholeMessageOptions } from "../engine.ts";
import { aadOf, checkIv, checkTagLength, ciphertextLength, givenOutput, outputFor } from "../lengths.ts";
import type { Kernel } from "./kernel.ts";

/** A key ready for use: the place of an expanded one, or of a fresh one that the first call expands. */
export interface KeyInPlace {
  readonly context: number;
  /** The key to expand there, of 16, 24 or 32 bytes; not given if `context` holds an expanded one. */
  readonly fresh?: Uint8Array;
}

export function sealMessage(
  kernel: Kernel,
  key: KeyInPlace,
  iv: Uint8Array,
  plaintext: Uint8Array,
  options: WholeMessageOptions | undefined,
): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const aad = aadOf(options);
  checkIv(iv);
  const { exports, buffer } = kernel;
  const sealedLength = plaintext.length + tagLength;
  if (fitsOneCall(kernel, iv, aad, plaintext.length)) {
    const output = givenOutput(plaintext, sealedLength, options);
    const text = buffer + roundUp(aad.length);
    const bytes = kernel.bytes();
    copyIn(bytes, kernel.iv, iv);
    copyIn(bytes, buffer, aad);
    copyIn(bytes, text, plaintext);
    exports.seal(key.context, placeFreshKey(kernel, key), aad.length, plaintext.length);
    return copyOut(bytes, text, sealedLength, output);
  }
  const sealed = outputFor(plaintext, sealedLength, options);
  beginMessage(kernel, key, iv, aad);
  forPieces(kernel, plaintext.length, (from, length) => {
    kernel.bytes().set(plaintext.subarray(from, from + length), buffer);
    exports.sealPiece(key.context, length);
    sealed.set(kernel.bytes().subarray(buffer, buffer + length), from);
  });
  exports.finish(key.context, aad.length, plaintext.length);
  sealed.set(kernel.bytes().subarray(kernel.tag, kernel.tag + tagLength), plaintext.length);
  return sealed;
}

export function openMessage(
  kernel: Kernel,
  key: KeyInPlace,
  iv: Uint8Array,
  sealed: Uint8Array,
  options: WholeMessageOptions | undefined,
): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const aad = aadOf(options);
  checkIv(iv);
  const length = ciphertextLength(sealed, tagLength);
  const { exports, buffer } = kernel;
  if (fitsOneCall(kernel, iv, aad, length)) {
    const output = givenOutput(sealed, length, options);
    const text = buffer + roundUp(aad.length);
    const bytes = kernel.bytes();
    copyIn(bytes, kernel.iv, iv);
    copyIn(bytes, buffer, aad);
    copyIn(bytes, text, sealed);
    if (exports.open(key.context, placeFreshKey(kernel, key), aad.length, length, tagLength) !== 0) {
      exports.wipe(text, roundUp(length));
      output?.fill(0);
      throw new AuthenticationError();
    }
    const plaintext = copyOut(bytes, text, length, output);
    exports.wipe(text, roundUp(length));
    return plaintext;
  }
  const plaintext = outputFor(sealed, length, options);
  beginMessage(kernel, key, iv, aad);
  forPieces(kernel, length, (from, size) => {
    kernel.bytes().set(sealed.subarray(from, from + size), buffer);
    exports.openPiece(key.context, size);
    plaintext.set(kernel.bytes().subarray(buffer, buffer + size), from);
  });
  kernel.bytes().set(sealed.subarray(length), kernel.tag);
  exports.wipe(buffer, kernel.capacity);
  if (exports.verify(key.context, aad.length, length, tagLength) !== 0) {
    // Nobody has seen what it holds, and nobody shall.
    plaintext.fill(0);
    throw new AuthenticationError();
  }
  return plaintext;
}

/** Begins a message in pieces and hashes its AAD. */
export function beginMessage(kernel: Kernel, key: KeyInPlace, iv: Uint8Array, aad: Uint8Array): void {
  const { exports } = kernel;
  const { context } = key;
  const freshLength = placeFreshKey(kernel, key);
  if (freshLength !== 0) exports.expandKey(context, freshLength);
  if (iv.length === 12) {
    kernel.bytes().set(iv, kernel.iv);
    exports.begin(context);
  } else {
    exports.beginLongIv();
    hashBytes(kernel, context, iv);
    exports.endLongIv(context, iv.length);
  }
  hashBytes(kernel, context, aad);
}

/** Puts a fresh key where the module expands it from: its length, or 0 if there is none. */
function placeFreshKey(kernel: Kernel, { fresh }: KeyInPlace): number {
  if (fresh === undefined) return 0;
  kernel.bytes().set(fresh, kernel.key);
  return fresh.length;
}

function hashBytes(kernel: Kernel, context: number, data: Uint8Array): void {
  forPieces(kernel, data.length, (from, length) => {
    kernel.bytes().set(data.subarray(from, from + length), kernel.buffer);
    kernel.exports.hash(context, length);
  });
}

export function forPieces(
  kernel: Kernel,
  length: number,
  work: (from: number, length: number) => void,
): void {
  for (let from = 0; from < length; from += kernel.capacity)
    work(from, Math.min(kernel.capacity, length - from));
}

function fitsOneCall(kernel: Kernel, iv: Uint8Array, aad: Uint8Array, length: number): boolean {
  return iv.length === 12 && roundUp(aad.length) + length <= kernel.capacity;
}

function roundUp(length: number): number {
  return (length + 15) & ~15;
}

/** Up to this many bytes a loop is faster than the call of a built-in. */
const SHORT = 12;

function copyIn(bytes: Uint8Array, at: number, source: Uint8Array): void {
  const { length } = source;
  if (length > SHORT) bytes.set(source, at);
  else for (let i = 0; i < length; i++) bytes[at + i] = source[i] as number;
}

/** A new array, unless one is given: made by one built-in, which is faster than making it and filling it. */
function copyOut(bytes: Uint8Array, at: number, length: number, output: Uint8Array | undefined): Uint8Array {
  if (output === undefined) return bytes.slice(at, at + length);
  output.set(bytes.subarray(at, at + length));
  return output;
}
