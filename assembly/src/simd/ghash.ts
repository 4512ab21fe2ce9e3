/**
 * GHASH (NIST SP 800-38D §6.4) by sixteen-byte tables in registers.
 *
 * For a power P of H, table j holds byte j of n · P, reduced, for each nibble n. Looking up the 16 nibbles of a block in
 * table j gives, for each byte position p, a byte that belongs at position p + j of the product. So the lookups of many
 * blocks, each with the tables of its own power, add up in 16 sums, and only those are moved into place, once for a group
 * of up to 16 blocks, and reduced.
 */
import { CONTEXT_POWERS, CONTEXT_SUBKEY, CONTEXT_TABLES } from "../memory-map";
import { LOW_NIBBLES, highNibbles, lookup, lowNibbles } from "./lookup";

/** Bytes from one table to the next of the same power: four powers lie side by side, a quad. */
const STRIDE: usize = 64;
/** Bytes of a quad. */
const QUAD: usize = 16 * STRIDE;

/** Bit 3 (the lowest power of x), 2, 1, 0 of each nibble, as masks. */
const NIBBLE_BITS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255,
  0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255,
  0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255,
]);

/** The sums of a group in work: 16 for the high nibbles, 16 for the low ones. */
const SUMS: usize = memory.data(16 * 32, 16);
/** Up to three blocks, with zero blocks before them. */
const PADDED: usize = memory.data(64, 16);

/** Whether SUMS and PADDED hold anything: messages of a few blocks never use them. */
let used: bool = false;

/** Wipes what hashing leaves behind. */
export function wipeHash(): void {
  if (!used) return;
  used = false;
  const zero = i64x2.splat(0);
  for (let at = SUMS; at < SUMS + 16 * 32; at += 32) {
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
  for (let at = PADDED; at < PADDED + 64; at += 16) v128.store(at, zero);
}

// @ts-ignore: decorator
@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

/** The 32 bytes `before ‖ x`, from byte 15 on: x one byte further back, filled up from `before`. */
// @ts-ignore: decorator
@inline
function oneByteBack(before: v128, x: v128): v128 {
  return v128.shuffle<u8>(before, x, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

// @ts-ignore: decorator
@inline
function shiftBits(x: v128, bits: i32, mask: i8): v128 {
  return v128.and(i16x8.shr_u(x, bits), i8x16.splat(mask));
}

// @ts-ignore: decorator
@inline
function shiftBitsUp(x: v128, bits: i32, mask: i8): v128 {
  return v128.and(i16x8.shl(x, bits), i8x16.splat(mask));
}

/** What x · (x + x² + x⁷) puts into the next byte. */
// @ts-ignore: decorator
@inline
function carried(x: v128): v128 {
  return xor(xor(shiftBitsUp(x, 7, -128), shiftBitsUp(x, 6, -64)), shiftBitsUp(x, 1, -2));
}

/** `low ‖ high`, 256 bits, modulo 1 + x + x² + x⁷ + x¹²⁸. */
// @ts-ignore: decorator
@inline
function reduce(low: v128, high: v128): v128 {
  const zero = i64x2.splat(0);
  // The seven bits that would fall out at the end come back in at x¹²⁸, that is in the first byte of `high`.
  const folded = xor(high, v128.shuffle<u8>(carried(high), zero, 15, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16));
  const here = xor(xor(folded, shiftBits(folded, 1, 127)), xor(shiftBits(folded, 2, 63), shiftBits(folded, 7, 1)));
  return xor(xor(low, here), oneByteBack(zero, carried(folded)));
}

/** Joins the sums of the high nibbles and those of the low ones, which count four bits more, and reduces. */
// @ts-ignore: decorator
@inline
function join(low1: v128, high1: v128, low2: v128, high2: v128): v128 {
  const nibbles = v128.load(LOW_NIBBLES);
  const zero = i64x2.splat(0);
  const up1 = shiftBitsUp(low2, 4, -16);
  const up2 = shiftBitsUp(high2, 4, -16);
  const low = xor(xor(low1, highNibbles(low2, nibbles)), oneByteBack(zero, up1));
  const high = xor(xor(high1, highNibbles(high2, nibbles)), oneByteBack(up1, up2));
  return reduce(low, high);
}

/** x · P, reduced. */
// @ts-ignore: decorator
@inline
function timesX(power: v128): v128 {
  const zero = i64x2.splat(0);
  const shifted = xor(shiftBits(power, 1, 127), oneByteBack(zero, shiftBitsUp(power, 7, -128)));
  // What falls out at the end is x¹²⁸ = 1 + x + x² + x⁷: the last bit of all, as a mask over the first byte.
  const last = v128.shuffle<u8>(power, zero, 15, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16);
  const mask = i8x16.sub(zero, v128.and(last, i8x16.splat(1)));
  return xor(shifted, v128.and(mask, i8x16.splat(-31)));
}

/** Writes the 16 tables of one power. */
function writeTables(tables: usize, power: v128): void {
  const bit3 = v128.load(NIBBLE_BITS);
  const bit2 = v128.load(NIBBLE_BITS, 16);
  const bit1 = v128.load(NIBBLE_BITS, 32);
  const bit0 = v128.load(NIBBLE_BITS, 48);
  const times1 = timesX(power);
  const times2 = timesX(times1);
  const times3 = timesX(times2);
  let index = i8x16.splat(0);
  for (let j: usize = 0; j < 16; j++) {
    const table = xor(
      xor(v128.and(lookup(power, index), bit3), v128.and(lookup(times1, index), bit2)),
      xor(v128.and(lookup(times2, index), bit1), v128.and(lookup(times3, index), bit0)),
    );
    v128.store(tables + j * STRIDE, table);
    index = i8x16.add(index, i8x16.splat(1));
  }
}

/** x · P for the one power whose tables are given. */
function multiply(tables: usize, x: v128): v128 {
  const nibbles = v128.load(LOW_NIBBLES);
  const high = highNibbles(x, nibbles);
  const low = lowNibbles(x, nibbles);
  const zero = i64x2.splat(0);
  let table = v128.load(tables + 15 * STRIDE);
  let low1 = lookup(table, high);
  let low2 = lookup(table, low);
  let high1 = zero;
  let high2 = zero;
  for (let at = tables + 14 * STRIDE; at >= tables; at -= STRIDE) {
    table = v128.load(at);
    high1 = oneByteBack(low1, high1);
    high2 = oneByteBack(low2, high2);
    low1 = xor(oneByteBack(zero, low1), lookup(table, high));
    low2 = xor(oneByteBack(zero, low2), lookup(table, low));
  }
  return join(low1, high1, low2, high2);
}

/** Where the tables of power p (1 to 16) of a key lie: falling powers, four in a quad. */
// @ts-ignore: decorator
@inline
function tablesOf(context: usize, power: u32): usize {
  const slot: usize = 16 - power;
  return context + CONTEXT_TABLES + (slot >> 2) * QUAD + ((slot & 3) << 4);
}

/** Takes H from its place in the context and prepares its first power. */
export function prepareHash(context: usize): void {
  writeTables(tablesOf(context, 1), v128.load(context + CONTEXT_SUBKEY));
  store<u32>(context + CONTEXT_POWERS, 1);
}

/** Wipes the tables that a context has: those of one power lie apart, those of more fill their quads. */
export function wipePowers(context: usize): void {
  const powers = load<u32>(context + CONTEXT_POWERS);
  const end = context + CONTEXT_TABLES + 4 * QUAD;
  const step: usize = powers > 1 ? 16 : STRIDE;
  for (let at = powers > 1 ? end - <usize>(powers >> 2) * QUAD : tablesOf(context, 1); at < end; at += step)
    v128.store(at, i64x2.splat(0));
}

/** Gets ready to hash `count` blocks: more powers of H where they earn back what they cost. */
export function planHash(context: usize, count: u32): void {
  preparePowers(context, count >= 32 ? 16 : count >= 8 ? 4 : 1);
}

function preparePowers(context: usize, wanted: u32): void {
  const first = tablesOf(context, 1);
  let have = load<u32>(context + CONTEXT_POWERS);
  if (have >= wanted) return;
  store<u32>(context + CONTEXT_POWERS, wanted);
  let power = v128.load(context + CONTEXT_SUBKEY);
  for (let p: u32 = 2; p <= wanted; p++) {
    power = multiply(first, power);
    if (p > have) writeTables(tablesOf(context, p), power);
  }
}

/** Adds four blocks, by the four powers of a quad, to the sums; `fresh` sums start here. */
// @ts-ignore: decorator
@inline
function addQuad(quad: usize, x0: v128, blocks: usize, fresh: bool): void {
  const nibbles = v128.load(LOW_NIBBLES);
  const x1 = v128.load(blocks, 16);
  const x2 = v128.load(blocks, 32);
  const x3 = v128.load(blocks, 48);
  const high0 = highNibbles(x0, nibbles);
  const high1 = highNibbles(x1, nibbles);
  const high2 = highNibbles(x2, nibbles);
  const high3 = highNibbles(x3, nibbles);
  const low0 = lowNibbles(x0, nibbles);
  const low1 = lowNibbles(x1, nibbles);
  const low2 = lowNibbles(x2, nibbles);
  const low3 = lowNibbles(x3, nibbles);
  let tables = quad;
  for (let sums = SUMS; sums < SUMS + 16 * 32; sums += 32) {
    const t0 = v128.load(tables);
    const t1 = v128.load(tables, 16);
    const t2 = v128.load(tables, 32);
    const t3 = v128.load(tables, 48);
    let high = xor(xor(lookup(t0, high0), lookup(t1, high1)), xor(lookup(t2, high2), lookup(t3, high3)));
    let low = xor(xor(lookup(t0, low0), lookup(t1, low1)), xor(lookup(t2, low2), lookup(t3, low3)));
    if (!fresh) {
      high = xor(high, v128.load(sums));
      low = xor(low, v128.load(sums, 16));
    }
    v128.store(sums, high);
    v128.store(sums, low, 16);
    tables += STRIDE;
  }
}

/** Moves the sums into place and reduces. */
function settle(): v128 {
  const zero = i64x2.splat(0);
  let low1 = v128.load(SUMS + 15 * 32);
  let low2 = v128.load(SUMS + 15 * 32, 16);
  let high1 = zero;
  let high2 = zero;
  for (let sums = SUMS + 14 * 32; sums >= SUMS; sums -= 32) {
    high1 = oneByteBack(low1, high1);
    high2 = oneByteBack(low2, high2);
    low1 = xor(oneByteBack(zero, low1), v128.load(sums));
    low2 = xor(oneByteBack(zero, low2), v128.load(sums, 16));
  }
  return join(low1, high1, low2, high2);
}

/** Hashes whole blocks into the 16 bytes at `hash`. */
export function hashBlocks(context: usize, hash: usize, blocks: usize, count: u32): void {
  let y = v128.load(hash);
  const powers = load<u32>(context + CONTEXT_POWERS);
  if (powers == 1) {
    const tables = tablesOf(context, 1);
    for (; count > 0; count--) {
      y = multiply(tables, xor(y, v128.load(blocks)));
      blocks += 16;
    }
    v128.store(hash, y);
    return;
  }
  used = true;
  const end = context + CONTEXT_TABLES + 4 * QUAD;
  while (count > 0) {
    const group = min<u32>(count, powers);
    const quads = (group + 3) >> 2;
    let quad = end - <usize>quads * QUAD;
    const odd = group & 3;
    if (odd != 0) {
      // The first quad is not full: zero blocks in front change nothing.
      const start = PADDED + ((4 - odd) << 4);
      v128.store(PADDED, i64x2.splat(0));
      v128.store(PADDED, i64x2.splat(0), 16);
      v128.store(PADDED, i64x2.splat(0), 32);
      v128.store(start, xor(y, v128.load(blocks)));
      for (let i: usize = 16; i < <usize>(odd << 4); i += 16) v128.store(start + i, v128.load(blocks + i));
      addQuad(quad, v128.load(PADDED), PADDED, true);
      blocks += odd << 4;
    } else {
      addQuad(quad, xor(y, v128.load(blocks)), blocks, true);
      blocks += 64;
    }
    for (quad += QUAD; quad < end; quad += QUAD) {
      addQuad(quad, v128.load(blocks), blocks, false);
      blocks += 64;
    }
    y = settle();
    count -= group;
  }
  v128.store(hash, y);
}
