/** GCTR (NIST SP 800-38D §6.5) over both AES kernels: bitsliced while there are eight blocks, then four at a time. */
import { BLOCKS, CONTEXT_SLICED } from "../memory-map";
import { encryptFourBlocks } from "./few-blocks";
import { counterModeEight } from "./many-blocks";
import { sliceRoundKeys, wipeRounds } from "./rounds";
import { UNIT, counterModeUnit, forgetWindow, wipeWindow } from "./window";

/** Bytes from which slicing the round keys costs less than it saves. */
const WORTH_SLICING: u32 = 384;
/** Bytes from which a window costs less than it saves. */
const WORTH_A_WINDOW: u32 = 1536;

/** Whether the bitsliced kernel has been at work: short messages have nothing of it to wipe. */
let used: bool = false;

/** Gets ready for `length` bytes. */
export function planCounterMode(context: usize, length: u32): void {
  if (length >= WORTH_SLICING && load<u32>(context + CONTEXT_SLICED) == 0) sliceRoundKeys(context);
}

/** Gets ready for another message. */
export function beginCounterMode(): void {
  forgetWindow();
}

/**
 * Adds the key stream to `length` bytes of text and moves the counter block on. The last block is written whole: the room
 * behind a text that ends inside of it must be there, and is garbage afterwards.
 *
 * @param counterIsPublic whether what is done may depend on the counter. That of a long IV is made from H.
 */
export function counterMode(
  context: usize, counterBlock: usize, text: usize, length: u32, counterIsPublic: bool,
): void {
  if (length == 0) return;
  const first = v128.load(counterBlock);
  let counter = bswap<u32>(load<u32>(counterBlock, 12));
  const end = text + length;
  planCounterMode(context, length);
  if (load<u32>(context + CONTEXT_SLICED) != 0) {
    used = true;
    if (counterIsPublic && length >= WORTH_A_WINDOW) {
      const odd = (8 - counter) & 7;
      counterModeFew(context, first, counter, text, odd);
      counter += odd;
      text += odd << 4;
      for (; (counter & (UNIT - 1)) != 0; counter += 8) {
        counterModeEight(context, first, counter, text);
        text += 128;
      }
      for (; text + (UNIT << 4) <= end; text += UNIT << 4) {
        counterModeUnit(context, first, counter, text);
        counter += UNIT;
      }
    }
    for (; text + 128 <= end; text += 128) {
      counterModeEight(context, first, counter, text);
      counter += 8;
    }
  }
  const blocks = <u32>((end - text + 15) >> 4);
  counterModeFew(context, first, counter, text, blocks);
  store<u32>(counterBlock, bswap<u32>(counter + blocks), 12);
}

/** Wipes what counter mode leaves behind. */
export function wipeCounterMode(): void {
  if (!used) return;
  used = false;
  wipeRounds();
  wipeWindow();
}

function counterModeFew(context: usize, first: v128, counter: u32, text: usize, blocks: u32): void {
  for (let done: u32 = 0; done < blocks; done += 4) {
    for (let i: u32 = 0; i < 4; i++) {
      v128.store(BLOCKS + (i << 4), i32x4.replace_lane(first, 3, bswap<u32>(counter + done + i)));
    }
    encryptFourBlocks(context, BLOCKS);
    const bytes = min<u32>(4, blocks - done) << 4;
    for (let i: usize = 0; i < <usize>bytes; i += 16) {
      v128.store(text + i, v128.xor(v128.load(text + i), v128.load(BLOCKS + i)));
    }
    text += 64;
  }
}
