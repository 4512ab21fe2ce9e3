/**
 * AES for long messages: bitsliced, eight blocks in eight registers (Käsper and Schwabe, CHES 2009).
 *
 * Bit b of byte p of register i is bit i of byte p of block b, with the bytes in row-major order, so that MixColumns turns
 * whole 32-bit lanes. The S-box is the circuit of Boyar and Peralta (2010) with their signal names; its constant 0x63 is
 * folded into the round keys. The round is one long piece because its 8 + 60 values must be registers, not memory.
 */
import { CONTEXT_ROUNDS, CONTEXT_SCHEDULE, CONTEXT_SLICED, CONTEXT_SLICES } from "../memory-map";
import { lookup } from "./lookup";

/** Standard (column-major) order to row-major; its own inverse. */
const TRANSPOSE: usize = memory.data<u8>([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]);
/** ShiftRows in row-major order. */
const SHIFT_ROWS: usize = memory.data<u8>([0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14]);
/** The inverse of the next one. */
const LAST_ROUND_KEY: usize = memory.data<u8>([0, 4, 8, 12, 13, 1, 5, 9, 10, 14, 2, 6, 7, 11, 15, 3]);
/** ShiftRows and back to the standard order at once. */
const SHIFT_ROWS_TRANSPOSE: usize = memory.data<u8>([0, 5, 10, 15, 1, 6, 11, 12, 2, 7, 8, 13, 3, 4, 9, 14]);

// @ts-ignore: decorator
@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

// @ts-ignore: decorator
@inline
function and(a: v128, b: v128): v128 {
  return v128.and(a, b);
}

/** Each row takes the place of the one above it. */
// @ts-ignore: decorator
@inline
function oneDown(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 2, 3, 0);
}

// @ts-ignore: decorator
@inline
function twoDown(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 2, 3, 0, 1);
}

/** The bits that change places between two registers when their 2×2 bit squares are transposed. */
// @ts-ignore: decorator
@inline
function exchanged(low: v128, high: v128, mask: v128, shift: i32): v128 {
  return and(xor(i64x2.shr_u(low, shift), high), mask);
}

/** Slices the round keys of an expanded key. */
export function sliceRoundKeys(context: usize): void {
  const rounds = load<u32>(context + CONTEXT_ROUNDS);
  for (let round: u32 = 0; round <= rounds; round++) {
    let key = v128.load(context + CONTEXT_SCHEDULE + (round << 4));
    if (round > 0) key = xor(key, i8x16.splat(0x63));
    // The last round key meets the state after ShiftRows, which is folded into the way back to standard order.
    key = lookup(key, v128.load(round == rounds ? LAST_ROUND_KEY : TRANSPOSE));
    const slices = context + CONTEXT_SLICES + (round << 7);
    for (let bit: u32 = 0; bit < 8; bit++) {
      const mask = i8x16.splat(<i8>(<u32>1 << bit));
      v128.store(slices + (bit << 4), i8x16.eq(and(key, mask), mask));
    }
  }
  store<u32>(context + CONTEXT_SLICED, 1);
}

/**
 * Counter mode over eight blocks: `text` becomes text ⊕ E(K, counter), E(K, counter + 1), …
 *
 * @param first the first counter block; its last four bytes are replaced by `counter`
 */
export function counterModeEight(context: usize, first: v128, counter: u32, text: usize): void {
  const rounds = load<u32>(context + CONTEXT_ROUNDS);
  let keys = context + CONTEXT_SLICES;
  const lastKeys = keys + (rounds << 7);
  let order = v128.load(TRANSPOSE);
  let q0 = lookup(i32x4.replace_lane(first, 3, bswap(counter)), order);
  let q1 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 1)), order);
  let q2 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 2)), order);
  let q3 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 3)), order);
  let q4 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 4)), order);
  let q5 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 5)), order);
  let q6 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 6)), order);
  let q7 = lookup(i32x4.replace_lane(first, 3, bswap(counter + 7)), order);
  let mask: v128;
  let t: v128;
  mask = i8x16.splat(0x55);
  t = exchanged(q0, q1, mask, 1);
  q1 = xor(q1, t);
  q0 = xor(q0, i64x2.shl(t, 1));
  t = exchanged(q2, q3, mask, 1);
  q3 = xor(q3, t);
  q2 = xor(q2, i64x2.shl(t, 1));
  t = exchanged(q4, q5, mask, 1);
  q5 = xor(q5, t);
  q4 = xor(q4, i64x2.shl(t, 1));
  t = exchanged(q6, q7, mask, 1);
  q7 = xor(q7, t);
  q6 = xor(q6, i64x2.shl(t, 1));
  mask = i8x16.splat(0x33);
  t = exchanged(q0, q2, mask, 2);
  q2 = xor(q2, t);
  q0 = xor(q0, i64x2.shl(t, 2));
  t = exchanged(q1, q3, mask, 2);
  q3 = xor(q3, t);
  q1 = xor(q1, i64x2.shl(t, 2));
  t = exchanged(q4, q6, mask, 2);
  q6 = xor(q6, t);
  q4 = xor(q4, i64x2.shl(t, 2));
  t = exchanged(q5, q7, mask, 2);
  q7 = xor(q7, t);
  q5 = xor(q5, i64x2.shl(t, 2));
  mask = i8x16.splat(0x0f);
  t = exchanged(q0, q4, mask, 4);
  q4 = xor(q4, t);
  q0 = xor(q0, i64x2.shl(t, 4));
  t = exchanged(q1, q5, mask, 4);
  q5 = xor(q5, t);
  q1 = xor(q1, i64x2.shl(t, 4));
  t = exchanged(q2, q6, mask, 4);
  q6 = xor(q6, t);
  q2 = xor(q2, i64x2.shl(t, 4));
  t = exchanged(q3, q7, mask, 4);
  q7 = xor(q7, t);
  q3 = xor(q3, i64x2.shl(t, 4));
  q0 = xor(q0, v128.load(keys, 0));
  q1 = xor(q1, v128.load(keys, 16));
  q2 = xor(q2, v128.load(keys, 32));
  q3 = xor(q3, v128.load(keys, 48));
  q4 = xor(q4, v128.load(keys, 64));
  q5 = xor(q5, v128.load(keys, 80));
  q6 = xor(q6, v128.load(keys, 96));
  q7 = xor(q7, v128.load(keys, 112));
  order = v128.load(SHIFT_ROWS);
  for (;;) {
    keys += 128;
    const x0 = q7;
    const x1 = q6;
    const x2 = q5;
    const x3 = q4;
    const x4 = q3;
    const x5 = q2;
    const x6 = q1;
    const x7 = q0;
    const y14 = xor(x3, x5);
    const y13 = xor(x0, x6);
    const y9 = xor(x0, x3);
    const y8 = xor(x0, x5);
    const t0 = xor(x1, x2);
    const y1 = xor(t0, x7);
    const y4 = xor(y1, x3);
    const y12 = xor(y13, y14);
    const y2 = xor(y1, x0);
    const y5 = xor(y1, x6);
    const y3 = xor(y5, y8);
    const t1 = xor(x4, y12);
    const y15 = xor(t1, x5);
    const y20 = xor(t1, x1);
    const y6 = xor(y15, x7);
    const y10 = xor(y15, t0);
    const y11 = xor(y20, y9);
    const y7 = xor(x7, y11);
    const y17 = xor(y10, y11);
    const y19 = xor(y10, y8);
    const y16 = xor(t0, y11);
    const y21 = xor(y13, y16);
    const y18 = xor(x0, y16);
    const t2 = and(y12, y15);
    const t4 = xor(and(y3, y6), t2);
    const t6 = xor(and(y4, x7), t2);
    const t7 = and(y13, y16);
    const t9 = xor(and(y5, y1), t7);
    const t11 = xor(and(y2, y7), t7);
    const t12 = and(y9, y11);
    const t14 = xor(and(y14, y17), t12);
    const t16 = xor(and(y8, y10), t12);
    const t21 = xor(xor(t4, t14), y20);
    const t22 = xor(xor(t6, t16), y19);
    const t23 = xor(xor(t9, t14), y21);
    const t24 = xor(xor(t11, t16), y18);
    const t25 = xor(t21, t22);
    const t26 = and(t21, t23);
    const t27 = xor(t24, t26);
    const t29 = xor(and(t25, t27), t22);
    const t30 = xor(t23, t24);
    const t31 = xor(t22, t26);
    const t33 = xor(and(t31, t30), t24);
    const t34 = xor(t23, t33);
    const t35 = xor(t27, t33);
    const t36 = and(t24, t35);
    const t37 = xor(t36, t34);
    const t38 = xor(t27, t36);
    const t40 = xor(t25, and(t29, t38));
    const t41 = xor(t40, t37);
    const t42 = xor(t29, t33);
    const t43 = xor(t29, t40);
    const t44 = xor(t33, t37);
    const t45 = xor(t42, t41);
    const z2 = and(t33, x7);
    const z3 = and(t43, y16);
    const z4 = and(t40, y1);
    const z5 = and(t29, y7);
    const z7 = and(t45, y17);
    const z10 = and(t37, y3);
    const z12 = and(t43, y13);
    const z16 = and(t45, y14);
    const t46 = xor(and(t42, y9), z16);
    const t48 = xor(z5, and(t40, y5));
    const t53 = xor(and(t44, y15), z3);
    const t57 = xor(xor(z2, z12), t53);
    const t58 = xor(z4, t46);
    const t59 = xor(xor(z3, and(t42, y11)), z7);
    const t62 = xor(xor(z7, and(t41, y10)), t58);
    const t63 = xor(xor(and(t44, y12), z10), t58);
    const t64 = xor(z4, t59);
    const t65 = xor(xor(and(t29, y2), t57), t62);
    const t66 = xor(and(t37, y6), t63);
    const s3 = xor(t53, t66);
    q4 = s3;
    q6 = xor(t64, s3);
    q7 = xor(t59, t63);
    q5 = xor(xor(xor(z16, and(t41, y8)), t64), t65);
    q3 = xor(xor(z2, z5), t66);
    q2 = xor(xor(z10, and(t33, y4)), t65);
    q1 = xor(xor(z12, t48), t62);
    q0 = xor(xor(t48, t46), t57);
    if (keys == lastKeys) break;

    q0 = lookup(q0, order);
    q1 = lookup(q1, order);
    q2 = lookup(q2, order);
    q3 = lookup(q3, order);
    q4 = lookup(q4, order);
    q5 = lookup(q5, order);
    q6 = lookup(q6, order);
    q7 = lookup(q7, order);
    const r0 = oneDown(q0);
    const r1 = oneDown(q1);
    const r2 = oneDown(q2);
    const r3 = oneDown(q3);
    const r4 = oneDown(q4);
    const r5 = oneDown(q5);
    const r6 = oneDown(q6);
    const r7 = oneDown(q7);
    const m0 = xor(q0, r0);
    const m1 = xor(q1, r1);
    const m2 = xor(q2, r2);
    const m3 = xor(q3, r3);
    const m4 = xor(q4, r4);
    const m5 = xor(q5, r5);
    const m6 = xor(q6, r6);
    const m7 = xor(q7, r7);
    q0 = xor(xor(xor(r0, twoDown(m0)), v128.load(keys, 0)), m7);
    q1 = xor(xor(xor(r1, twoDown(m1)), v128.load(keys, 16)), xor(m0, m7));
    q2 = xor(xor(xor(r2, twoDown(m2)), v128.load(keys, 32)), m1);
    q3 = xor(xor(xor(r3, twoDown(m3)), v128.load(keys, 48)), xor(m2, m7));
    q4 = xor(xor(xor(r4, twoDown(m4)), v128.load(keys, 64)), xor(m3, m7));
    q5 = xor(xor(xor(r5, twoDown(m5)), v128.load(keys, 80)), m4);
    q6 = xor(xor(xor(r6, twoDown(m6)), v128.load(keys, 96)), m5);
    q7 = xor(xor(xor(r7, twoDown(m7)), v128.load(keys, 112)), m6);
  }
  q0 = xor(q0, v128.load(keys, 0));
  q1 = xor(q1, v128.load(keys, 16));
  q2 = xor(q2, v128.load(keys, 32));
  q3 = xor(q3, v128.load(keys, 48));
  q4 = xor(q4, v128.load(keys, 64));
  q5 = xor(q5, v128.load(keys, 80));
  q6 = xor(q6, v128.load(keys, 96));
  q7 = xor(q7, v128.load(keys, 112));
  mask = i8x16.splat(0x55);
  t = exchanged(q0, q1, mask, 1);
  q1 = xor(q1, t);
  q0 = xor(q0, i64x2.shl(t, 1));
  t = exchanged(q2, q3, mask, 1);
  q3 = xor(q3, t);
  q2 = xor(q2, i64x2.shl(t, 1));
  t = exchanged(q4, q5, mask, 1);
  q5 = xor(q5, t);
  q4 = xor(q4, i64x2.shl(t, 1));
  t = exchanged(q6, q7, mask, 1);
  q7 = xor(q7, t);
  q6 = xor(q6, i64x2.shl(t, 1));
  mask = i8x16.splat(0x33);
  t = exchanged(q0, q2, mask, 2);
  q2 = xor(q2, t);
  q0 = xor(q0, i64x2.shl(t, 2));
  t = exchanged(q1, q3, mask, 2);
  q3 = xor(q3, t);
  q1 = xor(q1, i64x2.shl(t, 2));
  t = exchanged(q4, q6, mask, 2);
  q6 = xor(q6, t);
  q4 = xor(q4, i64x2.shl(t, 2));
  t = exchanged(q5, q7, mask, 2);
  q7 = xor(q7, t);
  q5 = xor(q5, i64x2.shl(t, 2));
  mask = i8x16.splat(0x0f);
  t = exchanged(q0, q4, mask, 4);
  q4 = xor(q4, t);
  q0 = xor(q0, i64x2.shl(t, 4));
  t = exchanged(q1, q5, mask, 4);
  q5 = xor(q5, t);
  q1 = xor(q1, i64x2.shl(t, 4));
  t = exchanged(q2, q6, mask, 4);
  q6 = xor(q6, t);
  q2 = xor(q2, i64x2.shl(t, 4));
  t = exchanged(q3, q7, mask, 4);
  q7 = xor(q7, t);
  q3 = xor(q3, i64x2.shl(t, 4));
  order = v128.load(SHIFT_ROWS_TRANSPOSE);
  v128.store(text, xor(lookup(q0, order), v128.load(text, 0)), 0);
  v128.store(text, xor(lookup(q1, order), v128.load(text, 16)), 16);
  v128.store(text, xor(lookup(q2, order), v128.load(text, 32)), 32);
  v128.store(text, xor(lookup(q3, order), v128.load(text, 48)), 48);
  v128.store(text, xor(lookup(q4, order), v128.load(text, 64)), 64);
  v128.store(text, xor(lookup(q5, order), v128.load(text, 80)), 80);
  v128.store(text, xor(lookup(q6, order), v128.load(text, 96)), 96);
  v128.store(text, xor(lookup(q7, order), v128.load(text, 112)), 112);
}
