/** GCTR (NIST SP 800-38D §6.5) over both AES kernels: eight blocks bitsliced while there are eight, then four at a time. */
import { BLOCKS, CONTEXT_SLICED } from "../memory-map";
import { encryptFourBlocks } from "./few-blocks";
import { counterModeEight, sliceRoundKeys } from "./many-blocks";

/** Bytes from which slicing the round keys costs less than it saves. */
const WORTH_SLICING: u32 = 384;

/** Gets ready for `length` bytes. */
export function planCounterMode(context: usize, length: u32): void {
  if (length >= WORTH_SLICING && load<u32>(context + CONTEXT_SLICED) == 0) sliceRoundKeys(context);
}

/**
 * Adds the key stream to `length` bytes of text and moves the counter block on. The last block is written whole: the room
 * behind a text that ends inside of it must be there, and is garbage afterwards.
 */
export function counterMode(context: usize, counterBlock: usize, text: usize, length: u32): void {
  if (length == 0) return;
  const first = v128.load(counterBlock);
  let counter = bswap<u32>(load<u32>(counterBlock, 12));
  const end = text + length;
  planCounterMode(context, length);
  if (load<u32>(context + CONTEXT_SLICED) != 0) {
    for (; text + 128 <= end; text += 128) {
      counterModeEight(context, first, counter, text);
      counter += 8;
    }
  }
  for (; text < end; text += 64) {
    for (let i: u32 = 0; i < 4; i++) {
      v128.store(BLOCKS + (i << 4), i32x4.replace_lane(first, 3, bswap<u32>(counter + i)));
    }
    encryptFourBlocks(context, BLOCKS);
    const blocks = <u32>min<usize>(4, (end - text + 15) >> 4);
    for (let i: usize = 0; i < <usize>(blocks << 4); i += 16) {
      v128.store(text + i, v128.xor(v128.load(text + i), v128.load(BLOCKS + i)));
    }
    counter += blocks;
  }
  store<u32>(counterBlock, bswap<u32>(counter), 12);
}
