/**
 * AES-GCM in pure TypeScript (NIST SP 800-38D §7), for places without WebAssembly.
 *
 * What it keeps: no secret decides a branch or an array index, tags are compared in full, and plaintext is returned only
 * after the tag was verified. What JavaScript cannot promise: that the compiler keeps it so, and that no copy of a key
 * stays behind in memory; buffers of this engine's own are overwritten after use as far as they can be reached.
 */
import { AuthenticationError, type MessageOptions, type SyncEngine } from "../engine.ts";
import { aadOf, checkIv, checkKey, checkTagLength, ciphertextLength } from "../lengths.ts";
import { type AesKey, encryptTwoBlocks, expandKey } from "./aes.ts";
import { type GhashKey, ghashKey, ghashLengths, ghashResult, ghashState, ghashUpdate } from "./ghash.ts";

/** The engine without WebAssembly: slower, and good everywhere. */
export function typescriptEngine(): SyncEngine {
  return { name: "typescript", seal, open };
}

function seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options?: MessageOptions): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const aad = aadOf(options);
  const message = startMessage(key, iv);
  const sealed = new Uint8Array(plaintext.length + tagLength);
  counterMode(message, plaintext, plaintext.length, sealed);
  const tag = authenticate(message, aad, sealed, plaintext.length);
  sealed.set(tag.subarray(0, tagLength), plaintext.length);
  wipe(message);
  return sealed;
}

function open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, options?: MessageOptions): Uint8Array {
  const tagLength = checkTagLength(options?.tagLength);
  const aad = aadOf(options);
  const length = ciphertextLength(sealed, tagLength);
  const message = startMessage(key, iv);
  const tag = authenticate(message, aad, sealed, length);
  let difference = 0;
  for (let i = 0; i < tagLength; i++) difference |= (tag[i] as number) ^ (sealed[length + i] as number);
  if (difference !== 0) {
    wipe(message);
    throw new AuthenticationError();
  }
  const plaintext = new Uint8Array(length);
  counterMode(message, sealed, length, plaintext);
  wipe(message);
  return plaintext;
}

interface Message {
  readonly aes: AesKey;
  readonly ghash: GhashKey;
  /** J0, the counter block that masks the tag, as four little-endian words (§7.1 step 2). */
  readonly j0: Int32Array;
}

function startMessage(key: Uint8Array, iv: Uint8Array): Message {
  checkKey(key);
  checkIv(iv);
  const aes = expandKey(key);
  const blocks = new Int32Array(8);
  encryptTwoBlocks(aes, blocks);
  const subkey = new Uint8Array(16);
  storeFirstBlock(blocks, subkey);
  const ghash = ghashKey(subkey);
  subkey.fill(0);
  blocks.fill(0);
  return { aes, ghash, j0: firstCounter(ghash, iv) };
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

/** GCTR from inc₃₂(J0) on (§6.5): the first `length` bytes of `input`, written to the start of `output`. */
function counterMode(message: Message, input: Uint8Array, length: number, output: Uint8Array): void {
  const { aes, j0 } = message;
  const source = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const target = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const q = new Int32Array(8);
  let counter = swapBytes(j0[3] as number);
  let at = 0;
  for (; at < length; at += 32) {
    q[0] = q[1] = j0[0] as number;
    q[2] = q[3] = j0[1] as number;
    q[4] = q[5] = j0[2] as number;
    q[6] = swapBytes(counter + 1);
    q[7] = swapBytes(counter + 2);
    counter = (counter + 2) | 0;
    encryptTwoBlocks(aes, q);
    if (at + 32 > length) break;
    for (let column = 0; column < 4; column++) {
      const first = at + 4 * column;
      target.setInt32(first, source.getInt32(first, true) ^ (q[2 * column] as number), true);
      target.setInt32(first + 16, source.getInt32(first + 16, true) ^ (q[2 * column + 1] as number), true);
    }
  }
  for (let i = 0; at + i < length; i++) {
    const word = q[2 * ((i >>> 2) & 3) + (i >>> 4)] as number;
    output[at + i] = (input[at + i] as number) ^ (word >>> (8 * (i & 3)));
  }
  q.fill(0);
}

/** The full 16-byte tag over AAD and the first `length` bytes of `ciphertext` (§7.1 steps 5 and 6). */
function authenticate(message: Message, aad: Uint8Array, ciphertext: Uint8Array, length: number): Uint8Array {
  const { aes, ghash, j0 } = message;
  const state = ghashState();
  ghashUpdate(ghash, state, aad, 0, aad.length);
  ghashUpdate(ghash, state, ciphertext, 0, length);
  ghashLengths(ghash, state, aad.length, length);
  const tag = new Uint8Array(16);
  ghashResult(state, tag);
  const q = new Int32Array(8);
  for (let column = 0; column < 4; column++) q[2 * column] = j0[column] as number;
  encryptTwoBlocks(aes, q);
  for (let i = 0; i < 16; i++) {
    tag[i] = (tag[i] as number) ^ ((q[2 * (i >>> 2)] as number) >>> (8 * (i & 3)));
  }
  q.fill(0);
  return tag;
}

function storeFirstBlock(q: Int32Array, out: Uint8Array): void {
  for (let i = 0; i < 16; i++) out[i] = (q[2 * (i >>> 2)] as number) >>> (8 * (i & 3));
}

function swapBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function wipe(message: Message): void {
  message.aes.roundKeys.fill(0);
  message.ghash.fill(0);
}
