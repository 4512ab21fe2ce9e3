/**
 * AES key wrap: KW (NIST SP 800-38F §6.2, RFC 3394) and KWP, key wrap with padding (§6.3, RFC 5649).
 *
 * Over the bitsliced AES of `@kmslite/aead`: Web Crypto has KW alone, and that only for what it can import as a key.
 */
import { AesBlockCipher } from "@kmslite/aead/aes";
import { equalConstantTime } from "./constant-time.ts";

/** Length in bytes of a semiblock, half a block (§5.1). */
const SEMIBLOCK = 8;

/** ICV1, the integrity check value of KW (§6.2). */
const ICV1 = Uint8Array.of(0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6);

/** ICV2, the first half of the integrity check value of KWP (§6.3); the other is the length. */
const ICV2 = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);

/** Longest key that is wrapped, in bytes: far more than any key has, and far less than the counter of the standard allows. */
const LONGEST_KEY = 65_536;

/** A wrapped key that does not unwrap: altered, cut off, or wrapped under another key. It is never said which. */
export class KeyUnwrapError extends Error {
  override readonly name = "KeyUnwrapError";

  constructor() {
    super("wrapped key does not unwrap");
  }
}

/**
 * KW-AE, §6.2 Algorithm 3.
 *
 * @param kek key-encryption key, 16, 24 or 32 bytes
 * @param key key to wrap, 16 to 65,536 bytes, a multiple of 8
 * @returns 8 bytes more than `key`
 * @throws {RangeError} if either length is outside its range
 */
export function wrapKey(kek: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length < 2 * SEMIBLOCK || key.length > LONGEST_KEY || key.length % SEMIBLOCK !== 0) {
    throw new RangeError(`KW key: expected 16 to ${LONGEST_KEY} bytes, a multiple of 8, got ${key.length}`);
  }
  const wrapped = new Uint8Array(SEMIBLOCK + key.length);
  wrapped.set(ICV1);
  wrapped.set(key, SEMIBLOCK);
  withCipher(kek, (cipher) => wrapSemiblocks(cipher, wrapped));
  return wrapped;
}

/**
 * KW-AD, §6.2 Algorithm 4.
 *
 * @param kek     key-encryption key, 16, 24 or 32 bytes
 * @param wrapped 24 bytes or more, a multiple of 8
 * @returns 8 bytes less than `wrapped`
 * @throws {KeyUnwrapError} if `wrapped` is not a key that was wrapped under `kek`
 * @throws {RangeError} if `kek` has another length
 */
export function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Uint8Array {
  expectWrapped(wrapped, 3);
  const state = wrapped.slice();
  withCipher(kek, (cipher) => unwrapSemiblocks(cipher, state));
  const isGenuine = equalConstantTime(state.subarray(0, SEMIBLOCK), ICV1);
  const key = state.slice(SEMIBLOCK);
  state.fill(0);
  if (isGenuine) return key;
  key.fill(0);
  throw new KeyUnwrapError();
}

/**
 * KWP-AE, §6.3 Algorithm 5.
 *
 * @param kek key-encryption key, 16, 24 or 32 bytes
 * @param key key to wrap, 1 to 65,536 bytes
 * @returns 8 × (⌈key.length / 8⌉ + 1) bytes
 * @throws {RangeError} if either length is outside its range
 */
export function wrapKeyPadded(kek: Uint8Array, key: Uint8Array): Uint8Array {
  if (key.length < 1 || key.length > LONGEST_KEY) {
    throw new RangeError(`KWP key: expected 1 to ${LONGEST_KEY} bytes, got ${key.length}`);
  }
  const wrapped = new Uint8Array(SEMIBLOCK * (Math.ceil(key.length / SEMIBLOCK) + 1));
  wrapped.set(ICV2);
  new DataView(wrapped.buffer).setUint32(ICV2.length, key.length);
  wrapped.set(key, SEMIBLOCK);
  withCipher(kek, (cipher) => {
    if (wrapped.length === 2 * SEMIBLOCK) cipher.encrypt(wrapped);
    else wrapSemiblocks(cipher, wrapped);
  });
  return wrapped;
}

/**
 * KWP-AD, §6.3 Algorithm 6.
 *
 * @param kek     key-encryption key, 16, 24 or 32 bytes
 * @param wrapped 16 bytes or more, a multiple of 8
 * @returns the key, 1 byte or more
 * @throws {KeyUnwrapError} if `wrapped` is not a key that was wrapped under `kek`
 * @throws {RangeError} if `kek` has another length
 */
export function unwrapKeyPadded(kek: Uint8Array, wrapped: Uint8Array): Uint8Array {
  expectWrapped(wrapped, 2);
  const state = wrapped.slice();
  withCipher(kek, (cipher) => {
    if (state.length === 2 * SEMIBLOCK) cipher.decrypt(state);
    else unwrapSemiblocks(cipher, state);
  });
  const padded = state.subarray(SEMIBLOCK);
  const length = new DataView(state.buffer).getUint32(ICV2.length);
  const padding = padded.length - length;
  // Everything is looked at before anything is said: which check failed would tell something of the plaintext.
  const inRange = padding >= 0 && padding < SEMIBLOCK;
  const tail = padded.subarray(padded.length - (inRange ? padding : 0));
  const isZero = equalConstantTime(tail, new Uint8Array(tail.length));
  const isGenuine = equalConstantTime(state.subarray(0, ICV2.length), ICV2) && inRange && isZero;
  const key = isGenuine ? padded.slice(0, length) : undefined;
  state.fill(0);
  if (key === undefined) throw new KeyUnwrapError();
  return key;
}

/** W, §6.1 Algorithm 1, in place. @param state A, then the semiblocks R[2] … R[n] */
function wrapSemiblocks(cipher: AesBlockCipher, state: Uint8Array): void {
  const block = new Uint8Array(2 * SEMIBLOCK);
  const view = new DataView(block.buffer);
  let t = 0;
  block.set(state.subarray(0, SEMIBLOCK));
  for (let round = 0; round < 6; round++) {
    for (let offset = SEMIBLOCK; offset < state.length; offset += SEMIBLOCK) {
      block.set(state.subarray(offset, offset + SEMIBLOCK), SEMIBLOCK);
      cipher.encrypt(block);
      state.set(block.subarray(SEMIBLOCK), offset);
      view.setUint32(4, view.getUint32(4) ^ ++t);
    }
  }
  state.set(block.subarray(0, SEMIBLOCK));
  block.fill(0);
}

/** W⁻¹, §6.1 Algorithm 2, in place. */
function unwrapSemiblocks(cipher: AesBlockCipher, state: Uint8Array): void {
  const block = new Uint8Array(2 * SEMIBLOCK);
  const view = new DataView(block.buffer);
  let t = 6 * (state.length / SEMIBLOCK - 1);
  block.set(state.subarray(0, SEMIBLOCK));
  for (let round = 0; round < 6; round++) {
    for (let offset = state.length - SEMIBLOCK; offset > 0; offset -= SEMIBLOCK) {
      view.setUint32(4, view.getUint32(4) ^ t--);
      block.set(state.subarray(offset, offset + SEMIBLOCK), SEMIBLOCK);
      cipher.decrypt(block);
      state.set(block.subarray(SEMIBLOCK), offset);
    }
  }
  state.set(block.subarray(0, SEMIBLOCK));
  block.fill(0);
}

function withCipher(kek: Uint8Array, run: (cipher: AesBlockCipher) => void): void {
  const cipher = new AesBlockCipher(kek);
  try {
    run(cipher);
  } finally {
    cipher.destroy();
  }
}

function expectWrapped(wrapped: Uint8Array, leastSemiblocks: number): void {
  const fits = wrapped.length >= leastSemiblocks * SEMIBLOCK && wrapped.length <= LONGEST_KEY + SEMIBLOCK;
  if (!fits || wrapped.length % SEMIBLOCK !== 0) throw new KeyUnwrapError();
}
