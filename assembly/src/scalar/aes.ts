/**
 * AES where there are no vectors: bitsliced, four blocks in eight 64-bit integers, after T. Pornin's `aes_ct64` in BearSSL.
 *
 * Bit 16 · row + 4 · column + block of slice i is bit i of that byte, so that ShiftRows turns sixteenths and MixColumns
 * turns the whole by 16. The slices wait in memory between the steps of a round; no address depends on them.
 */
import { BLOCKS, CONTEXT_ROUNDS, CONTEXT_SCHEDULE, CONTEXT_SLICES } from "../memory-map";
import { substitute } from "./s-box";

/** Bytes of eight slices. */
const SLICES: usize = 64;
/** The slices of the blocks in work. */
const STATE: usize = memory.data(64, 16);

/** The constant of the S-box: MixColumns keeps it, so that the round keys can bring it in. */
const AFFINE_CONSTANT: u32 = 0x63636363;

/** Wipes what AES leaves behind. */
export function wipeState(): void {
  for (let i: usize = 0; i < SLICES; i += 8) store<u64>(STATE + i, 0);
}

/** Bytes of `x` at the even places. */
// @ts-ignore: decorator
@inline
function spread(x: u64): u64 {
  x = (x | (x << 16)) & 0x0000ffff0000ffff;
  return (x | (x << 8)) & 0x00ff00ff00ff00ff;
}

// @ts-ignore: decorator
@inline
function gather(x: u64): u64 {
  x &= 0x00ff00ff00ff00ff;
  x = (x | (x >> 8)) & 0x0000ffff0000ffff;
  return (x | (x >> 16)) & 0x00000000ffffffff;
}

/** Exchanges the squares of `mask` between two words. */
// @ts-ignore: decorator
@inline
function exchange(low: usize, high: usize, mask: u64, shift: u64): void {
  const a = load<u64>(low);
  const b = load<u64>(high);
  const t = ((a >> shift) ^ b) & mask;
  store<u64>(high, b ^ t);
  store<u64>(low, a ^ (t << shift));
}

/** Transposes the bits of each byte place: bytes to slices and back. */
function transpose(): void {
  for (let i: usize = STATE; i < STATE + 64; i += 16) exchange(i, i + 8, 0x5555555555555555, 1);
  for (let i: usize = STATE; i < STATE + 64; i += 32) {
    exchange(i, i + 16, 0x3333333333333333, 2);
    exchange(i + 8, i + 24, 0x3333333333333333, 2);
  }
  for (let i: usize = STATE; i < STATE + 32; i += 8) exchange(i, i + 32, 0x0f0f0f0f0f0f0f0f, 4);
}

/** Puts block `index` of four where `transpose` takes it from. */
// @ts-ignore: decorator
@inline
function place(index: usize, column0: u32, column1: u32, column2: u32, column3: u32): void {
  store<u64>(STATE + (index << 3), spread(column0) | (spread(column2) << 8));
  store<u64>(STATE + (index << 3), spread(column1) | (spread(column3) << 8), 32);
}

/** SubWord (FIPS 197 §5.2) without the constant of the S-box. */
function substituteWord(x: u32): u32 {
  wipeState();
  place(0, x, 0, 0, 0);
  transpose();
  substitute(STATE);
  transpose();
  return <u32>gather(load<u64>(STATE));
}

/** Expands the 16, 24 or 32 bytes at `key` (FIPS 197 §5.2). */
export function expandRoundKeys(context: usize, key: usize, keyLength: u32): void {
  const words = keyLength >> 2;
  const rounds = words + 6;
  const schedule = context + CONTEXT_SCHEDULE;
  store<u32>(context + CONTEXT_ROUNDS, rounds);
  for (let i: u32 = 0; i < words; i++) store<u32>(schedule + (i << 2), load<u32>(key + (i << 2)));
  const end = (rounds + 1) << 2;
  let roundConstant: u32 = 1;
  let previous = load<u32>(schedule + ((words - 1) << 2));
  let phase: u32 = 0;
  for (let i = words; i < end; i++) {
    if (phase == 0) {
      previous = substituteWord(rotr<u32>(previous, 8)) ^ AFFINE_CONSTANT ^ roundConstant;
      roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11b);
    } else if (words == 8 && phase == 4) {
      previous = substituteWord(previous) ^ AFFINE_CONSTANT;
    }
    previous ^= load<u32>(schedule + ((i - words) << 2));
    store<u32>(schedule + (i << 2), previous);
    if (++phase == words) phase = 0;
  }
  for (let round: u32 = 0; round <= rounds; round++) {
    const from = schedule + (round << 4);
    const constant = round > 0 ? AFFINE_CONSTANT : 0;
    for (let i: usize = 0; i < 4; i++) {
      place(
        i,
        load<u32>(from) ^ constant,
        load<u32>(from, 4) ^ constant,
        load<u32>(from, 8) ^ constant,
        load<u32>(from, 12) ^ constant,
      );
    }
    transpose();
    const slices = context + CONTEXT_SLICES + (round << 6);
    for (let i: usize = 0; i < SLICES; i += 8) store<u64>(slices + i, load<u64>(STATE + i));
  }
}

function addRoundKey(roundKey: usize): void {
  for (let i: usize = 0; i < SLICES; i += 8) {
    store<u64>(STATE + i, load<u64>(STATE + i) ^ load<u64>(roundKey + i));
  }
}

/** Row r takes its bytes from r columns to the right. */
// @ts-ignore: decorator
@inline
function shiftRows(x: u64): u64 {
  return (
    (x & 0x000000000000ffff) |
    ((x & 0x00000000fff00000) >> 4) |
    ((x & 0x00000000000f0000) << 12) |
    ((x & 0x0000ff0000000000) >> 8) |
    ((x & 0x000000ff00000000) << 8) |
    ((x & 0xf000000000000000) >> 12) |
    ((x & 0x0fff000000000000) << 4)
  );
}

/** ShiftRows, MixColumns and the round key: 2 (x ⊕ x') ⊕ x' ⊕ x'' ⊕ x''', the dashes counting rows downwards. */
function mix(roundKey: usize): void {
  let x = shiftRows(load<u64>(STATE, 56));
  // Doubling moves each slice up, and the topmost one into slices 0, 1, 3 and 4 (0x11b).
  const top = x ^ rotr<u64>(x, 16);
  let below = top;
  for (let i: usize = 0; i < SLICES; i += 8) {
    x = shiftRows(load<u64>(STATE + i));
    const down = rotr<u64>(x, 16);
    const pair = x ^ down;
    const wrapped = i == 8 || i == 24 || i == 32 ? top : 0;
    store<u64>(STATE + i, below ^ wrapped ^ down ^ rotr<u64>(pair, 32) ^ load<u64>(roundKey + i));
    below = pair;
  }
}

/** Encrypts the four blocks at `blocks` in place. */
export function encryptFourBlocks(context: usize, blocks: usize): void {
  const roundKeys = context + CONTEXT_SLICES;
  const lastRoundKey = roundKeys + (load<u32>(context + CONTEXT_ROUNDS) << 6);
  for (let i: usize = 0; i < 4; i++) {
    const block = blocks + (i << 4);
    place(i, load<u32>(block), load<u32>(block, 4), load<u32>(block, 8), load<u32>(block, 12));
  }
  transpose();
  addRoundKey(roundKeys);
  for (let roundKey = roundKeys + SLICES; roundKey < lastRoundKey; roundKey += SLICES) {
    substitute(STATE);
    mix(roundKey);
  }
  substitute(STATE);
  for (let i: usize = 0; i < SLICES; i += 8) store<u64>(STATE + i, shiftRows(load<u64>(STATE + i)));
  addRoundKey(lastRoundKey);
  transpose();
  for (let i: usize = 0; i < 4; i++) {
    const even = load<u64>(STATE + (i << 3));
    const odd = load<u64>(STATE + (i << 3), 32);
    const block = blocks + (i << 4);
    store<u64>(block, gather(even) | (gather(odd) << 32));
    store<u64>(block, gather(even >> 8) | (gather(odd >> 8) << 32), 8);
  }
}

/**
 * GCTR (NIST SP 800-38D §6.5): adds the key stream to `length` bytes of text and moves the counter block on. The last block
 * is written whole: the room behind a text that ends inside of it must be there, and is garbage afterwards.
 */
export function counterMode(context: usize, counterBlock: usize, text: usize, length: u32): void {
  let counter = bswap<u32>(load<u32>(counterBlock, 12));
  const end = text + length;
  for (; text < end; text += 64) {
    for (let i: u32 = 0; i < 4; i++) {
      const block = BLOCKS + (i << 4);
      store<u64>(block, load<u64>(counterBlock));
      store<u32>(block, load<u32>(counterBlock, 8), 8);
      store<u32>(block, bswap<u32>(counter + i), 12);
    }
    encryptFourBlocks(context, BLOCKS);
    const blocks = <u32>min<usize>(4, (end - text + 15) >> 4);
    for (let i: usize = 0; i < <usize>(blocks << 4); i += 8) {
      store<u64>(text + i, load<u64>(text + i) ^ load<u64>(BLOCKS + i));
    }
    counter += blocks;
  }
  store<u32>(counterBlock, bswap<u32>(counter), 12);
}
