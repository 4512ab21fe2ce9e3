/**
 * What the 256 blocks have in common whose counters differ in their last byte only, a window: most of the first two rounds.
 *
 * Fifteen bytes of such counter blocks are the same, so in the first round SubBytes is done for them once, and for the last
 * byte once for each of its 256 values, 128 of them side by side in the slices. That byte then stands in one column, whose
 * four bytes are all that SubBytes has to do in the second round: of four times eight blocks side by side. (The idea, for
 * tables, is that of Park and Lee, FACE, TCHES 2018.)
 *
 * MixColumns being linear, what a changing byte v adds to a column is v and x = 2v in the rows where its coefficient, 1, 2
 * or 3, has them. So each register here has a second one, times 2, and lookups put both into the rows where they belong.
 */
import { CONTEXT_SLICES } from "../memory-map";
import { lookup } from "./lookup";
import { finishEight } from "./many-blocks";
import { STATE, TO_ROWS, mixColumns, sliceOf, substitute, turnOf } from "./rounds";

/** Blocks that go through the second SubBytes together: four times eight. */
export const UNIT: u32 = 32;

/** The state after SubBytes, MixColumns and AddRoundKey of the first round, without what the last byte adds. */
const FIRST: usize = memory.data(128, 16);
/** As FIRST, after the second round, without what the one column adds. */
const SECOND: usize = memory.data(128, 16);
/** The last byte after SubBytes, for 2 × 128 counters: 8 registers each. */
const BYTE: usize = memory.data(2 * 128, 16);
/** The same times 2. */
const BYTE_DOUBLED: usize = memory.data(2 * 128, 16);
/** The column after SubBytes, of the four times eight blocks in work. */
const COLUMN: usize = memory.data(128, 16);
/** The same times 2. */
const COLUMN_DOUBLED: usize = memory.data(128, 16);

/** Everywhere but in the last byte, which stands at 13 before the first round. */
const NOT_LAST: usize = memory.data<u8>([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 255, 255]);
/** Everywhere but in the column that it comes to, whose rows stand at 0, 7, 10 and 13 before the second. */
const NOT_COLUMN: usize = memory.data<u8>([0, 255, 255, 255, 255, 255, 255, 0, 255, 255, 0, 255, 255, 0, 255, 255]);
/** The last byte to all places. */
const FROM_LAST: usize = memory.data<u8>([13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13]);
/** The column four times side by side. */
const FROM_COLUMN: usize = memory.data<u8>([0, 0, 0, 0, 7, 7, 7, 7, 10, 10, 10, 10, 13, 13, 13, 13]);
/** Bits 3 to 6 of a counter whose place in a register is its number: as slices. */
const COUNTER_BITS: usize = memory.data<u8>([
  0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255,
  0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255,
  0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
]);

/**
 * In the first round ShiftRows takes the last byte to column 0, row 3, where the coefficients are 1, 1, 3, 2 downwards: v in
 * rows 0 to 2 and 2v in rows 2 and 3. Column j of the register is for the j-th eight of the four.
 */
const BYTE_PLACES: usize = memory.data<u8>([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 128, 128, 128, 128]);
const BYTE_DOUBLED_PLACES: usize = memory.data<u8>([128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 0, 1, 2, 3]);
/**
 * In the second round the rows of the column go to columns 0, 3, 2 and 1. In row r of its new column a byte has coefficient 2,
 * above it 3, in the other two rows 1.
 */
const COLUMN_PLACES: usize = memory.data<u8>([128, 12, 8, 4, 0, 12, 8, 128, 0, 12, 128, 4, 0, 128, 8, 4]);
const COLUMN_DOUBLED_PLACES: usize = memory.data<u8>([0, 128, 128, 4, 128, 128, 8, 4, 128, 12, 8, 128, 0, 12, 128, 128]);

/** The first 24 bits of the counters that the window is for, and whether it has been prepared at all. */
let prepared: bool = false;
let preparedFor: u32 = 0;

// @ts-ignore: decorator
@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

/**
 * Counter mode over 32 blocks, a unit, whose first counter is a multiple of 32.
 *
 * @param first the first counter block; its last four bytes are replaced by `counter`, which must not be secret
 */
export function counterModeUnit(context: usize, first: v128, counter: u32, text: usize): void {
  if (!prepared || preparedFor != counter >> 8) prepareWindow(context, i32x4.replace_lane(first, 3, bswap(counter & ~255)));
  prepared = true;
  preparedFor = counter >> 8;
  substituteColumn(counter & 255);
  for (let eight: u8 = 0; eight < 4; eight++) {
    const places = i8x16.add(v128.load(COLUMN_PLACES), i8x16.splat(eight));
    const doubledPlaces = i8x16.add(v128.load(COLUMN_DOUBLED_PLACES), i8x16.splat(eight));
    for (let at: usize = 0; at < 128; at += 16) {
      const added = xor(lookup(v128.load(COLUMN + at), places), lookup(v128.load(COLUMN_DOUBLED + at), doubledPlaces));
      v128.store(STATE + at, xor(v128.load(SECOND + at), added));
    }
    finishEight(context, 2, text);
    text += 128;
  }
}

/** Forgets the window: the next unit is of another message, or another key. */
export function forgetWindow(): void {
  prepared = false;
}

/** Wipes what counter mode leaves behind. */
export function wipeWindow(): void {
  if (!prepared) return;
  prepared = false;
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < 128; at += 16) {
    v128.store(FIRST + at, zero);
    v128.store(SECOND + at, zero);
    v128.store(BYTE + at, zero);
    v128.store(BYTE + at, zero, 128);
    v128.store(BYTE_DOUBLED + at, zero);
    v128.store(BYTE_DOUBLED + at, zero, 128);
    v128.store(COLUMN + at, zero);
    v128.store(COLUMN_DOUBLED + at, zero);
  }
}

function prepareWindow(context: usize, first: v128): void {
  const keys = context + CONTEXT_SLICES;
  const block = lookup(first, v128.load(TO_ROWS + (turnOf(0) << 4)));
  for (let bit: u32 = 0; bit < 8; bit++) {
    const at = bit << 4;
    v128.store(STATE + at, xor(sliceOf(block, bit), v128.load(keys + at)));
  }
  substitute();
  keep(NOT_LAST);
  mixColumns(keys + 128, 1, FIRST);
  substituteByte(keys, BYTE, BYTE_DOUBLED, 0);
  substituteByte(keys, BYTE + 128, BYTE_DOUBLED + 128, -1);
  for (let at: usize = 0; at < 128; at += 16) v128.store(STATE + at, v128.load(FIRST + at));
  substitute();
  keep(NOT_COLUMN);
  mixColumns(keys + 256, 2, SECOND);
}

/** Sets STATE to zero in all bytes that the mask leaves out. */
function keep(mask: usize): void {
  for (let at: usize = 0; at < 128; at += 16) v128.store(STATE + at, v128.and(v128.load(STATE + at), v128.load(mask)));
}

/** SubBytes of the last byte of 128 blocks; `half` is bit 7 of their counters, as a slice. */
function substituteByte(keys: usize, single: usize, doubled: usize, half: i8): void {
  const fromLast = v128.load(FROM_LAST);
  for (let bit: usize = 0; bit < 8; bit++) {
    const at = bit << 4;
    v128.store(STATE + at, xor(lookup(v128.load(keys + at), fromLast), counterSlice(bit, half)));
  }
  substitute();
  takeState(single, doubled);
}

/** Bit `bit` of 128 successive counters: of eight in a byte, in bytes one after another. */
function counterSlice(bit: usize, half: i8): v128 {
  if (bit < 3) return i8x16.splat(<i8>(bit == 0 ? 0xaa : bit == 1 ? 0xcc : 0xf0));
  return bit == 7 ? i8x16.splat(half) : v128.load(COUNTER_BITS + ((bit - 3) << 4));
}

/** SubBytes of the column for 32 blocks from counter byte `from` on. */
function substituteColumn(from: u32): void {
  const half: usize = from & 128;
  const eight = i8x16.splat(<i8>((from & 127) >> 3));
  const places = i8x16.add(v128.load(BYTE_PLACES), eight);
  const doubledPlaces = i8x16.add(v128.load(BYTE_DOUBLED_PLACES), eight);
  const fromFirst = v128.load(FROM_COLUMN);
  for (let at: usize = 0; at < 128; at += 16) {
    const added = xor(
      lookup(v128.load(BYTE + half + at), places),
      lookup(v128.load(BYTE_DOUBLED + half + at), doubledPlaces),
    );
    v128.store(STATE + at, xor(lookup(v128.load(FIRST + at), fromFirst), added));
  }
  substitute();
  takeState(COLUMN, COLUMN_DOUBLED);
}

/** Copies STATE to `single`, and its double to `doubled`: bits move up by one, bit 7 to where x⁸ + x⁴ + x³ + x + 1 has terms. */
function takeState(single: usize, doubled: usize): void {
  const highest = v128.load(STATE, 112);
  v128.store(doubled, highest);
  for (let bit: usize = 0; bit < 8; bit++) {
    const slice = v128.load(STATE + (bit << 4));
    v128.store(single + (bit << 4), slice);
    if (bit < 7) v128.store(doubled + (bit << 4), bit == 0 || bit == 2 || bit == 3 ? xor(slice, highest) : slice, 16);
  }
}
