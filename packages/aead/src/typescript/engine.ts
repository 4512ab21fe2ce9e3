/**
 * AES-GCM in pure TypeScript (NIST SP 800-38D §7), for places without WebAssembly.
 *
 * What it keeps: no secret decides a branch or an array index, tags are compared in full, and plaintext is returned only
 * after the tag was verified. What JavaScript cannot promise: that the compiler keeps it so, and that no copy of a key
 * stays behind in memory; buffers of this engine's own are overwritten after use as far as they can be reached.
 */
import {
  type AeadKey,
  AuthenticationError,
  type MessageOptions,
  type SyncEngine,
  type WholeMessageOptions,
} from "../engine.ts";
import { DEFAULT_MAXIMUM_LENGTH, type Ending, opener, sealer, unverifiedOpener } from "../incremental.ts";
import { aadOf, checkIv, checkKey, checkTagLength, ciphertextLength, outputFor } from "../lengths.ts";
import type { Pieces } from "../pieces.ts";
import { type AesKey, encryptTwoBlocks, expandKey } from "./aes.ts";
import {
  type GhashKey,
  type GhashState,
  ghashKey,
  ghashLengths,
  ghashResult,
  ghashState,
  ghashUpdate,
  wipeGhashKey,
} from "./ghash.ts";
import { swapBytes, UNIT, Window } from "./window.ts";

/** The engine without WebAssembly: slower, and good everywhere. */
export function typescriptEngine(): SyncEngine {
  return {
    name: "typescript",
    seal: (key, iv, plaintext, options) => withFreshKey(key, (fresh) => seal(fresh, iv, plaintext, options)),
    open: (key, iv, sealed, options) => withFreshKey(key, (fresh) => open(fresh, iv, sealed, options)),
    key: (key) => lastingKey(expand(key)),
  };
}

function seal(key: Key, iv: Uint8Array, plaintext: Uint8Array, options?: WholeMessageOptions): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const message = new Message(key, iv, aadOf(options));
  const sealed = outputFor(plaintext, plaintext.length + tagLength, options);
  message.encrypt(plaintext, plaintext.length, sealed);
  message.hash(sealed, plaintext.length);
  sealed.set(message.tag().subarray(0, tagLength), plaintext.length);
  message.wipe();
  return sealed;
}

function open(key: Key, iv: Uint8Array, sealed: Uint8Array, options?: WholeMessageOptions): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const length = ciphertextLength(sealed, tagLength);
  const plaintext = outputFor(sealed, length, options);
  const message = new Message(key, iv, aadOf(options));
  message.hash(sealed, length);
  if (!equalTags(message.tag(), sealed.subarray(length))) {
    message.wipe();
    plaintext.fill(0);
    throw new AuthenticationError();
  }
  message.encrypt(sealed, length, plaintext);
  message.wipe();
  return plaintext;
}

/** A key that stays expanded until it is closed. */
function lastingKey(key: Key): AeadKey {
  const messages = new Set<Ending>();
  let closed = false;
  const opened = (): Key => {
    if (closed) throw new TypeError("AES-GCM key: it was closed");
    return key;
  };
  const begin = <T extends Ending>(
    iv: Uint8Array,
    options: MessageOptions | undefined,
    make: (pieces: Pieces, tagLength: number) => T,
  ): T => {
    const tagLength = checkTagLength(options?.tagLength);
    const pieces = new Message(opened(), iv, aadOf(options), () => messages.delete(message));
    const message = make(pieces, tagLength);
    messages.add(message);
    return message;
  };
  return {
    seal: (iv, plaintext, options) => seal(opened(), iv, plaintext, options),
    open: (iv, sealed, options) => open(opened(), iv, sealed, options),
    sealer: (iv, options) => begin(iv, options, sealer),
    opener: (iv, options) =>
      begin(iv, options, (pieces, tagLength) =>
        opener(pieces, tagLength, options?.maximumLength ?? DEFAULT_MAXIMUM_LENGTH),
      ),
    unverifiedOpener: (iv, options) => begin(iv, options, unverifiedOpener),
    close: () => {
      if (closed) return;
      closed = true;
      for (const message of messages) message.abort();
      wipeKey(key);
    },
  };
}

/** An expanded key. */
interface Key {
  readonly aes: AesKey;
  readonly ghash: GhashKey;
}

function expand(key: Uint8Array): Key {
  checkKey(key);
  const aes = expandKey(key);
  const blocks = new Int32Array(8);
  encryptTwoBlocks(aes, blocks);
  const subkey = new Uint8Array(16);
  storeFirstBlock(blocks, subkey);
  const ghash = ghashKey(subkey);
  subkey.fill(0);
  blocks.fill(0);
  return { aes, ghash };
}

function wipeKey({ aes, ghash }: Key): void {
  aes.roundKeys.fill(0);
  wipeGhashKey(ghash);
}

function withFreshKey(key: Uint8Array, work: (key: Key) => Uint8Array): Uint8Array {
  const fresh = expand(key);
  try {
    return work(fresh);
  } finally {
    wipeKey(fresh);
  }
}

/** One message: its counter and its running hash. It is also the message in pieces that chunks go through. */
class Message implements Pieces {
  readonly #key: Key;
  readonly #hash: GhashState = ghashState();
  readonly #onWiped: () => void;
  /** J0, the counter block that masks the tag, as four little-endian words (§7.1 step 2). */
  readonly #j0: Int32Array;
  readonly #aadLength: number;
  readonly #counterIsPublic: boolean;
  #counter: number;
  #textLength = 0;

  constructor(key: Key, iv: Uint8Array, aad: Uint8Array, onWiped: () => void = () => {}) {
    checkIv(iv);
    this.#key = key;
    this.#onWiped = onWiped;
    this.#j0 = firstCounter(key.ghash, iv);
    this.#counter = swapBytes(this.#j0[3] as number);
    this.#aadLength = aad.length;
    this.#counterIsPublic = iv.length === 12;
    ghashUpdate(key.ghash, this.#hash, aad, 0, aad.length);
  }

  /** GCTR (§6.5) over the first `length` bytes of `input`, written to the start of `output`. */
  encrypt(input: Uint8Array, length: number, output: Uint8Array): void {
    const { aes } = this.#key;
    this.#counter = counterMode(aes, this.#j0, this.#counter, input, length, output, this.#counterIsPublic);
  }

  /** Hashes the first `length` bytes of a ciphertext. */
  hash(ciphertext: Uint8Array, length: number): void {
    ghashUpdate(this.#key.ghash, this.#hash, ciphertext, 0, length);
    this.#textLength += length;
  }

  seal(piece: Uint8Array, output: Uint8Array): void {
    this.encrypt(piece, piece.length, output);
    this.hash(output, piece.length);
  }

  open(piece: Uint8Array, output: Uint8Array): void {
    this.hash(piece, piece.length);
    this.encrypt(piece, piece.length, output);
  }

  /** The full 16-byte tag (§7.1 steps 5 and 6). */
  tag(): Uint8Array {
    ghashLengths(this.#key.ghash, this.#hash, this.#aadLength, this.#textLength);
    const tag = new Uint8Array(16);
    ghashResult(this.#hash, tag);
    const q = new Int32Array(8);
    for (let column = 0; column < 4; column++) q[2 * column] = this.#j0[column] as number;
    encryptTwoBlocks(this.#key.aes, q);
    for (let i = 0; i < 16; i++) {
      tag[i] = (tag[i] as number) ^ ((q[2 * (i >>> 2)] as number) >>> (8 * (i & 3)));
    }
    q.fill(0);
    return tag;
  }

  verify(received: Uint8Array): boolean {
    return equalTags(this.tag(), received);
  }

  wipe(): void {
    this.#hash.fill(0);
    this.#j0.fill(0);
    this.#onWiped();
  }
}

/** Compares all bytes of the received tag, whichever differ. */
function equalTags(computed: Uint8Array, received: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < received.length; i++) {
    difference |= (computed[i] as number) ^ (received[i] as number);
  }
  return difference === 0;
}

function firstCounter(ghash: GhashKey, iv: Uint8Array): Int32Array {
  const block = new Uint8Array(16);
  if (iv.length === 12) {
    block.set(iv);
    block[15] = 1;
  } else {
    const state = ghashState();
    ghashUpdate(ghash, state, iv, 0, iv.length);
    ghashLengths(ghash, state, 0, iv.length);
    ghashResult(state, block);
  }
  const view = new DataView(block.buffer);
  return Int32Array.of(
    view.getInt32(0, true),
    view.getInt32(4, true),
    view.getInt32(8, true),
    view.getInt32(12, true),
  );
}

/** Blocks from which a window costs less than it saves. */
const WORTH_A_WINDOW = 32;

/**
 * GCTR (§6.5) from the block after `counter` on: the first `length` bytes of `input`, written to the start of `output`.
 *
 * @param counterIsPublic whether what is done may depend on the counter. That of a long IV is made from H.
 * @returns the counter of the last block
 */
function counterMode(
  aes: AesKey,
  j0: Int32Array,
  counter: number,
  input: Uint8Array,
  length: number,
  output: Uint8Array,
  counterIsPublic: boolean,
): number {
  const source = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const target = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const q = new Int32Array(8);
  let next = (counter + 1) | 0;
  let at = 0;
  const pairTo = (end: number): void => {
    for (; at < end; at += 32) {
      takeCounters(q, j0, next);
      encryptTwoBlocks(aes, q);
      next = (next + 2) | 0;
      if (at + 32 > length) break;
      addKeyStream(source, target, at, q);
    }
  };
  if (counterIsPublic && length >= 16 * WORTH_A_WINDOW && (next & 1) === 0) {
    pairTo(16 * (-next & (UNIT - 1)));
    const window = new Window(aes);
    for (; at + 16 * UNIT <= length; at += 16 * UNIT) {
      const start = at;
      window.keyStream(j0, next, (blocks, pair) => addKeyStream(source, target, start + 32 * pair, blocks));
      next = (next + UNIT) | 0;
    }
    window.wipe();
  }
  pairTo(length);
  for (let i = 0; at + i < length; i++) {
    const word = q[2 * ((i >>> 2) & 3) + (i >>> 4)] as number;
    output[at + i] = (input[at + i] as number) ^ (word >>> (8 * (i & 3)));
  }
  q.fill(0);
  return (counter + Math.ceil(length / 16)) | 0;
}

/** Two counter blocks, as {@link encryptTwoBlocks} wants them. */
function takeCounters(q: Int32Array, j0: Int32Array, counter: number): void {
  q[0] = q[1] = j0[0] as number;
  q[2] = q[3] = j0[1] as number;
  q[4] = q[5] = j0[2] as number;
  q[6] = swapBytes(counter);
  q[7] = swapBytes(counter + 1);
}

/** Adds two blocks of key stream to 32 bytes. */
function addKeyStream(source: DataView, target: DataView, at: number, q: Int32Array): void {
  for (let column = 0; column < 4; column++) {
    const first = at + 4 * column;
    target.setInt32(first, source.getInt32(first, true) ^ (q[2 * column] as number), true);
    target.setInt32(first + 16, source.getInt32(first + 16, true) ^ (q[2 * column + 1] as number), true);
  }
}

function storeFirstBlock(q: Int32Array, out: Uint8Array): void {
  for (let i = 0; i < 16; i++) out[i] = (q[2 * (i >>> 2)] as number) >>> (8 * (i & 3));
}
