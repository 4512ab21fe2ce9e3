/**
 * AES-GCM in pure TypeScript (NIST SP 800-38D §7), for runtimes without WebAssembly.
 *
 * It branches on no secret and indexes no table by one. A JavaScript engine may still compile it to code whose time
 * depends on data, and its garbage collector may leave copies: where that matters, use the WebAssembly engine.
 */
import { AuthenticationError, type SyncEngine } from "../engine.ts";
import { checkedOptions } from "../lengths.ts";
import { type AesKey, BLOCK, encryptTwoBlocks, expandKey } from "./aes.ts";
import { Ghash } from "./ghash.ts";

/** The pure TypeScript engine. */
export function typescriptEngine(): SyncEngine {
  return {
    name: "typescript",
    seal: (key, iv, plaintext, options) => {
      const { aad, tagLength } = checkedOptions(key, iv, options);
      return withMessage(key, iv, (message) => {
        const sealed = new Uint8Array(plaintext.length + tagLength);
        const ciphertext = sealed.subarray(0, plaintext.length);
        message.applyCounter(plaintext, ciphertext);
        sealed.set(message.tag(aad, ciphertext).subarray(0, tagLength), plaintext.length);
        return sealed;
      });
    },
    open: (key, iv, sealed, options) => {
      const { aad, tagLength } = checkedOptions(key, iv, options);
      if (sealed.length < tagLength) throw new AuthenticationError();
      return withMessage(key, iv, (message) => {
        const ciphertext = sealed.subarray(0, sealed.length - tagLength);
        if (!equal(message.tag(aad, ciphertext), sealed.subarray(ciphertext.length))) {
          throw new AuthenticationError();
        }
        const plaintext = new Uint8Array(ciphertext.length);
        message.applyCounter(ciphertext, plaintext);
        return plaintext;
      });
    },
  };
}

interface Message {
  /** GCTR from inc32(J0) on (§6.5). */
  applyCounter(input: Uint8Array, output: Uint8Array): void;
  /** The full tag, 16 bytes. */
  tag(aad: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

/** Sets up key, H and J0, and wipes them whatever happens. */
function withMessage<Result>(key: Uint8Array, iv: Uint8Array, use: (message: Message) => Result): Result {
  const aes = expandKey(key);
  const H = keystream(aes, new Uint8Array(BLOCK), BLOCK);
  const J0 = preCounterBlock(H, iv);
  const mask = keystream(aes, J0, BLOCK);
  try {
    return use({
      applyCounter: (input, output) => gctr(aes, incremented(J0, 1), input, output),
      tag: (aad, ciphertext) => {
        const ghash = new Ghash(H);
        const tag = ghash.update(aad).update(ciphertext).finish(aad.length, ciphertext.length);
        ghash.destroy();
        for (let i = 0; i < BLOCK; i++) tag[i] = (tag[i] as number) ^ (mask[i] as number);
        return tag;
      },
    });
  } finally {
    aes.planes.fill(0);
    H.fill(0);
    mask.fill(0);
  }
}

/** J0 (§7.1 step 2): the IV and a counter of one, or the IV's GHASH when it is not 96 bits long. */
function preCounterBlock(H: Uint8Array, iv: Uint8Array): Uint8Array {
  if (iv.length !== 12) {
    const ghash = new Ghash(H);
    const J0 = ghash.update(iv).finish(0, iv.length);
    ghash.destroy();
    return J0;
  }
  const J0 = new Uint8Array(BLOCK);
  J0.set(iv);
  J0[15] = 1;
  return J0;
}

/** The counter block with its last 32 bits raised by `by`, modulo 2^32 (§6.2). */
function incremented(block: Uint8Array, by: number): Uint8Array {
  const next = block.slice();
  const view = new DataView(next.buffer);
  view.setUint32(12, view.getUint32(12) + by);
  return next;
}

function keystream(aes: AesKey, counter: Uint8Array, length: number): Uint8Array {
  const zeros = new Uint8Array(length);
  gctr(aes, counter, zeros, zeros);
  return zeros;
}

/** Counter mode, two blocks at a time. */
function gctr(aes: AesKey, first: Uint8Array, input: Uint8Array, output: Uint8Array): void {
  const counter = new DataView(first.buffer, first.byteOffset);
  const prefix = [counter.getInt32(0, true), counter.getInt32(4, true), counter.getInt32(8, true)];
  const start = counter.getUint32(12);
  const q = new Int32Array(8);
  const stream = new Uint8Array(2 * BLOCK);
  const words = new DataView(stream.buffer);
  for (let offset = 0, block = 0; offset < input.length; offset += 2 * BLOCK, block += 2) {
    for (let word = 0; word < 3; word++) q[2 * word] = q[2 * word + 1] = prefix[word] as number;
    q[6] = swapBytes(start + block);
    q[7] = swapBytes(start + block + 1);
    encryptTwoBlocks(aes, q);
    for (let word = 0; word < 4; word++) {
      words.setInt32(4 * word, q[2 * word] as number, true);
      words.setInt32(BLOCK + 4 * word, q[2 * word + 1] as number, true);
    }
    const end = Math.min(2 * BLOCK, input.length - offset);
    for (let i = 0; i < end; i++) output[offset + i] = (input[offset + i] as number) ^ (stream[i] as number);
  }
  q.fill(0);
  stream.fill(0);
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** Whether a full tag begins with the given one; compared without an early exit. */
function equal(tag: Uint8Array, given: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < given.length; i++) difference |= (tag[i] as number) ^ (given[i] as number);
  return difference === 0;
}
