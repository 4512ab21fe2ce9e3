/**
 * The rounds of bitsliced AES: eight blocks in eight registers (Käsper and Schwabe, CHES 2009).
 *
 * Bit b of byte p of register i is bit i of byte p of block b, with the bytes in row-major order, so that MixColumns turns
 * whole 32-bit lanes. The S-box is the circuit of Boyar and Peralta (2010) with their signal names; its constant 0x63 is
 * folded into the round keys.
 *
 * A processor has 16 registers for the 70 values of a round, and engines keep one for themselves, so what costs time besides
 * the operations is moving values to memory and back. The order of the statements in `runRounds` is one that needs least of
 * that, found by a search (docs/decisions/0010-kernels.md); the build keeps it as it is. What has to wait does so in SPILLED,
 * which is aligned as the engine's own stack need not be, and gets wiped.
 */
import { CONTEXT_ROUNDS, CONTEXT_SCHEDULE, CONTEXT_SLICED, CONTEXT_SLICES } from "../memory-map";
import { lookup } from "./lookup";

/** The state: eight registers, on their way into the rounds and out of them. */
export const STATE: usize = memory.data(128, 16);

/**
 * Standard (column-major) order to row-major, with row i turned i · s places to the right, for s = 0 to 3.
 *
 * ShiftRows is never done: the state of round r lies as with s = r + 2, where the rows of a column are found without it.
 */
export const TO_ROWS: usize = memory.data<u8>([
  0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
  0, 4, 8, 12, 13, 1, 5, 9, 10, 14, 2, 6, 7, 11, 15, 3,
  0, 4, 8, 12, 9, 13, 1, 5, 2, 6, 10, 14, 11, 15, 3, 7,
  0, 4, 8, 12, 5, 9, 13, 1, 10, 14, 2, 6, 15, 3, 7, 11,
]);
/** For s = 0 to 3: where the byte stands that is one row down in the same column, and the one two rows down. */
const DOWN: usize = memory.data<u8>([
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
  5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12, 1, 2, 3, 0, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5,
  6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
  7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 3, 0, 1, 2, 10, 11, 8, 9, 14, 15, 12, 13, 2, 3, 0, 1, 6, 7, 4, 5,
]);

/** The s of a round. */
// @ts-ignore: decorator
@inline
export function turnOf(round: u32): usize {
  return <usize>(round + 2) & 3;
}

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

/** All ones where a byte has the bit, zeros where not: one slice of a block, the same in all eight. */
// @ts-ignore: decorator
@inline
export function sliceOf(block: v128, bit: u32): v128 {
  const mask = i8x16.splat(<i8>(<u32>1 << bit));
  return i8x16.eq(and(block, mask), mask);
}

/** Slices the round keys of an expanded key. */
export function sliceRoundKeys(context: usize): void {
  const rounds = load<u32>(context + CONTEXT_ROUNDS);
  for (let round: u32 = 0; round <= rounds; round++) {
    let key = v128.load(context + CONTEXT_SCHEDULE + (round << 4));
    if (round > 0) key = xor(key, i8x16.splat(0x63));
    key = lookup(key, v128.load(TO_ROWS + (turnOf(round) << 4)));
    const slices = context + CONTEXT_SLICES + (round << 7);
    for (let bit: u32 = 0; bit < 8; bit++) v128.store(slices + (bit << 4), sliceOf(key, bit));
  }
  store<u32>(context + CONTEXT_SLICED, 1);
}

/** Values of a round that wait here until there is a register for them again. */
const SPILLED: usize = memory.data(176, 16);

/** A round key of zeros. */
const NO_KEYS: usize = memory.data(128, 16);

/** SubBytes on STATE, without its constant. */
export function substitute(): void {
  runRounds(NO_KEYS - 128, NO_KEYS, 0);
}

/**
 * Takes STATE, to which the round key at `keys` has been added, that of round `round`, through the rounds after it up to the
 * one whose key is at `lastKeys`.
 */
export function runRounds(keys: usize, lastKeys: usize, round: u32): void {
  let q0 = v128.load(STATE, 0);
  let q1 = v128.load(STATE, 16);
  let q2 = v128.load(STATE, 32);
  let q3 = v128.load(STATE, 48);
  let q4 = v128.load(STATE, 64);
  let q5 = v128.load(STATE, 80);
  let q6 = v128.load(STATE, 96);
  let q7 = v128.load(STATE, 112);
  let turn = turnOf(round) << 5;
  for (keys += 128; keys < lastKeys; keys += 128) {
    turn = (turn + 32) & 127;
    const y14 = xor(q4, q2);
    const y13 = xor(q7, q1);
    const y12 = xor(y13, y14);
    const t0 = xor(q6, q5);
    const y1 = xor(t0, q0);
    const y4 = xor(y1, q4);
    const u2 = and(y4, q0);
    const y5 = xor(y1, q1);
    const t1 = xor(q3, y12);
    const y8 = xor(q7, q2);
    v128.store(SPILLED, y4, 0);
    const y3 = xor(y5, y8);
    const y15 = xor(t1, q2);
    const y20 = xor(t1, q6);
    const y6 = xor(y15, q0);
    v128.store(SPILLED, y6, 16);
    const u1 = and(y3, y6);
    const y9 = xor(q7, q4);
    v128.store(SPILLED, y3, 32);
    const y11 = xor(y20, y9);
    v128.store(SPILLED, y9, 48);
    const t12 = and(y9, y11);
    v128.store(SPILLED, y12, 64);
    const t2 = and(y12, y15);
    const t4 = xor(u1, t2);
    const t6 = xor(u2, t2);
    const y10 = xor(y15, t0);
    v128.store(SPILLED, y15, 80);
    const y17 = xor(y10, y11);
    v128.store(SPILLED, y5, 96);
    const u3 = and(y5, y1);
    const y16 = xor(t0, y11);
    v128.store(SPILLED, y14, 112);
    const u5 = and(y14, y17);
    v128.store(SPILLED, y17, 128);
    const u6 = and(y8, y10);
    const t16 = xor(u6, t12);
    const t14 = xor(u5, t12);
    const t7 = and(y13, y16);
    const t9 = xor(u3, t7);
    const u7 = xor(t4, t14);
    const u9 = xor(t9, t14);
    const t21 = xor(u7, y20);
    const y21 = xor(y13, y16);
    const t23 = xor(u9, y21);
    const y2 = xor(y1, q7);
    const y7 = xor(q0, y11);
    v128.store(SPILLED, q0, 144);
    const u4 = and(y2, y7);
    const t11 = xor(u4, t7);
    const y19 = xor(y10, y8);
    const u10 = xor(t11, t16);
    const u8 = xor(t6, t16);
    const t26 = and(t21, t23);
    const y18 = xor(q7, y16);
    const t24 = xor(u10, y18);
    const t30 = xor(t23, t24);
    const t22 = xor(u8, y19);
    const t25 = xor(t21, t22);
    const t31 = xor(t22, t26);
    const u12 = and(t31, t30);
    const t33 = xor(u12, t24);
    const t27 = xor(t24, t26);
    const t35 = xor(t27, t33);
    const t36 = and(t24, t35);
    const u11 = and(t25, t27);
    const t29 = xor(u11, t22);
    const t38 = xor(t27, t36);
    const u13 = and(t29, t38);
    const t40 = xor(t25, u13);
    const t34 = xor(t23, t33);
    const z4 = and(t40, y1);
    const t43 = xor(t29, t40);
    const t37 = xor(t36, t34);
    const t41 = xor(t40, t37);
    const u20 = and(t41, y10);
    const z12 = and(t43, y13);
    const z3 = and(t43, y16);
    const u24 = and(t29, y2);
    const z5 = and(t29, y7);
    const u29 = and(t41, y8);
    const t42 = xor(t29, t33);
    const y5_1 = v128.load(SPILLED, 96);
    const u15 = and(t40, y5_1);
    const t45 = xor(t42, t41);
    const y17_1 = v128.load(SPILLED, 128);
    const z7 = and(t45, y17_1);
    const y9_1 = v128.load(SPILLED, 48);
    const u14 = and(t42, y9_1);
    const u18 = and(t42, y11);
    const u21 = xor(z7, u20);
    const u19 = xor(z3, u18);
    const y14_1 = v128.load(SPILLED, 112);
    const z16 = and(t45, y14_1);
    const t48 = xor(z5, u15);
    const u30 = xor(z16, u29);
    const t59 = xor(u19, z7);
    const u38 = xor(z12, t48);
    const q0_1 = v128.load(SPILLED, 144);
    const z2 = and(t33, q0_1);
    const t46 = xor(u14, z16);
    const y4_1 = v128.load(SPILLED, 0);
    const u35 = and(t33, y4_1);
    const u40 = xor(t48, t46);
    const u17 = xor(z2, z12);
    const t44 = xor(t33, t37);
    const u33 = xor(z2, z5);
    const y15_1 = v128.load(SPILLED, 80);
    const u16 = and(t44, y15_1);
    const t53 = xor(u16, z3);
    const y12_1 = v128.load(SPILLED, 64);
    const u22 = and(t44, y12_1);
    const t58 = xor(z4, t46);
    const t57 = xor(u17, t53);
    const t62 = xor(u21, t58);
    const y3_1 = v128.load(SPILLED, 32);
    const z10 = and(t37, y3_1);
    const u23 = xor(u22, z10);
    const t63 = xor(u23, t58);
    const u36 = xor(z10, u35);
    const u25 = xor(u24, t57);
    const y6_1 = v128.load(SPILLED, 16);
    const u26 = and(t37, y6_1);
    const t64 = xor(z4, t59);
    const t66 = xor(u26, t63);
    const down = v128.load(DOWN + turn, 0);
    const t65 = xor(u25, t62);
    const u34 = xor(u33, t66);
    const u28 = xor(t59, t63);
    const s3 = xor(t53, t66);
    const u46 = lookup(s3, down);
    const u37 = xor(u36, t65);
    const u82 = v128.load(keys, 64);
    const twoDown = v128.load(DOWN + turn, 16);
    const u31 = xor(u30, t64);
    const u32 = xor(u31, t65);
    const u27 = xor(t64, s3);
    const u54 = xor(s3, u46);
    const u41 = xor(u40, t57);
    const u80 = lookup(u54, twoDown);
    const u39 = xor(u38, t62);
    const u45 = lookup(u34, down);
    const u53 = xor(u34, u45);
    const u48 = lookup(u27, down);
    const u81 = xor(u46, u80);
    const u83 = xor(u81, u82);
    const u74 = lookup(u53, twoDown);
    const u47 = lookup(u32, down);
    const u55 = xor(u32, u47);
    const u75 = xor(u45, u74);
    const u86 = lookup(u55, twoDown);
    const u87 = xor(u47, u86);
    const u88 = v128.load(keys, 80);
    const u89 = xor(u87, u88);
    const u56 = xor(u27, u48);
    const u90 = xor(u89, u54);
    const u84 = xor(u83, u53);
    const u91 = lookup(u56, twoDown);
    const u42 = lookup(u41, down);
    const u93 = v128.load(keys, 96);
    const u92 = xor(u48, u91);
    const u94 = xor(u92, u93);
    const u95 = xor(u94, u55);
    const u44 = lookup(u37, down);
    const u50 = xor(u41, u42);
    const u43 = lookup(u39, down);
    const u58 = lookup(u50, twoDown);
    const u59 = xor(u42, u58);
    const u49 = lookup(u28, down);
    const u51 = xor(u39, u43);
    const u76 = v128.load(keys, 48);
    const u77 = xor(u75, u76);
    const u57 = xor(u28, u49);
    const u52 = xor(u37, u44);
    const u78 = xor(u77, u52);
    const u63 = lookup(u51, twoDown);
    const u64 = xor(u43, u63);
    const u96 = lookup(u57, twoDown);
    const u69 = lookup(u52, twoDown);
    const u70 = xor(u44, u69);
    const u65 = v128.load(keys, 16);
    const u71 = v128.load(keys, 32);
    const u85 = xor(u84, u57);
    const u97 = xor(u49, u96);
    const u60 = v128.load(keys, 0);
    const u61 = xor(u59, u60);
    const u98 = v128.load(keys, 112);
    const u66 = xor(u64, u65);
    const u79 = xor(u78, u57);
    const u67 = xor(u66, u50);
    const u72 = xor(u70, u71);
    const u99 = xor(u97, u98);
    const u100 = xor(u99, u56);
    const u68 = xor(u67, u57);
    const u73 = xor(u72, u51);
    const u62 = xor(u61, u57);
    q0 = u62;
    q1 = u68;
    q2 = u73;
    q3 = u79;
    q4 = u85;
    q5 = u90;
    q6 = u95;
    q7 = u100;
  }
  const y14 = xor(q4, q2);
  const y13 = xor(q7, q1);
  const y8 = xor(q7, q2);
  const y12 = xor(y13, y14);
  const y9 = xor(q7, q4);
  const t0 = xor(q6, q5);
  const t1 = xor(q3, y12);
  const y15 = xor(t1, q2);
  const y20 = xor(t1, q6);
  const y11 = xor(y20, y9);
  const t12 = and(y9, y11);
  const y10 = xor(y15, t0);
  v128.store(SPILLED, y9, 0);
  const y1 = xor(t0, q0);
  v128.store(SPILLED, y12, 16);
  const t2 = and(y12, y15);
  const y16 = xor(t0, y11);
  v128.store(SPILLED, y20, 32);
  const y7 = xor(q0, y11);
  v128.store(SPILLED, y11, 48);
  const y17 = xor(y10, y11);
  v128.store(SPILLED, y14, 64);
  const u5 = and(y14, y17);
  v128.store(SPILLED, y17, 80);
  const y2 = xor(y1, q7);
  const t14 = xor(u5, t12);
  v128.store(SPILLED, y2, 96);
  const u4 = and(y2, y7);
  const y5 = xor(y1, q1);
  v128.store(SPILLED, y7, 112);
  const y6 = xor(y15, q0);
  v128.store(SPILLED, y15, 128);
  const u6 = and(y8, y10);
  const y4 = xor(y1, q4);
  const t16 = xor(u6, t12);
  const t7 = and(y13, y16);
  v128.store(SPILLED, y1, 144);
  const u3 = and(y5, y1);
  const t9 = xor(u3, t7);
  const t11 = xor(u4, t7);
  const u9 = xor(t9, t14);
  const y3 = xor(y5, y8);
  v128.store(SPILLED, y5, 160);
  const y21 = xor(y13, y16);
  const t23 = xor(u9, y21);
  const y18 = xor(q7, y16);
  const u1 = and(y3, y6);
  const t4 = xor(u1, t2);
  const u7 = xor(t4, t14);
  const u10 = xor(t11, t16);
  const u2 = and(y4, q0);
  const t6 = xor(u2, t2);
  const u8 = xor(t6, t16);
  const y19 = xor(y10, y8);
  const y20_1 = v128.load(SPILLED, 32);
  const t21 = xor(u7, y20_1);
  const t22 = xor(u8, y19);
  const t26 = and(t21, t23);
  const t24 = xor(u10, y18);
  const t30 = xor(t23, t24);
  const t31 = xor(t22, t26);
  const u12 = and(t31, t30);
  const t33 = xor(u12, t24);
  const u35 = and(t33, y4);
  const t27 = xor(t24, t26);
  const t34 = xor(t23, t33);
  const z2 = and(t33, q0);
  const t25 = xor(t21, t22);
  const t35 = xor(t27, t33);
  const t36 = and(t24, t35);
  const u11 = and(t25, t27);
  const t29 = xor(u11, t22);
  const t37 = xor(t36, t34);
  const t38 = xor(t27, t36);
  const t44 = xor(t33, t37);
  const u13 = and(t29, t38);
  const y12_1 = v128.load(SPILLED, 16);
  const u22 = and(t44, y12_1);
  const u26 = and(t37, y6);
  const z10 = and(t37, y3);
  const u36 = xor(z10, u35);
  const t40 = xor(t25, u13);
  const t43 = xor(t29, t40);
  const z3 = and(t43, y16);
  const z12 = and(t43, y13);
  const t41 = xor(t40, t37);
  const u23 = xor(u22, z10);
  const t42 = xor(t29, t33);
  const y9_1 = v128.load(SPILLED, 0);
  const u14 = and(t42, y9_1);
  const y15_1 = v128.load(SPILLED, 128);
  const u16 = and(t44, y15_1);
  const t53 = xor(u16, z3);
  const y11_1 = v128.load(SPILLED, 48);
  const u18 = and(t42, y11_1);
  const t45 = xor(t42, t41);
  const u29 = and(t41, y8);
  const u20 = and(t41, y10);
  const y17_1 = v128.load(SPILLED, 80);
  const z7 = and(t45, y17_1);
  const u19 = xor(z3, u18);
  const y14_1 = v128.load(SPILLED, 64);
  const z16 = and(t45, y14_1);
  const t59 = xor(u19, z7);
  const y1_1 = v128.load(SPILLED, 144);
  const z4 = and(t40, y1_1);
  const u21 = xor(z7, u20);
  const y5_1 = v128.load(SPILLED, 160);
  const u15 = and(t40, y5_1);
  const u30 = xor(z16, u29);
  const t46 = xor(u14, z16);
  const y7_1 = v128.load(SPILLED, 112);
  const z5 = and(t29, y7_1);
  const t48 = xor(z5, u15);
  const u40 = xor(t48, t46);
  const u38 = xor(z12, t48);
  const u33 = xor(z2, z5);
  const u17 = xor(z2, z12);
  const t58 = xor(z4, t46);
  const t64 = xor(z4, t59);
  const t57 = xor(u17, t53);
  const t63 = xor(u23, t58);
  const t66 = xor(u26, t63);
  const s3 = xor(t53, t66);
  const u34 = xor(u33, t66);
  const y2_1 = v128.load(SPILLED, 96);
  const u24 = and(t29, y2_1);
  const u25 = xor(u24, t57);
  const t62 = xor(u21, t58);
  const t65 = xor(u25, t62);
  const u27 = xor(t64, s3);
  const u28 = xor(t59, t63);
  const u37 = xor(u36, t65);
  const u31 = xor(u30, t64);
  const u39 = xor(u38, t62);
  const u32 = xor(u31, t65);
  const u41 = xor(u40, t57);
  q0 = u41;
  q1 = u39;
  q2 = u37;
  q3 = u34;
  q4 = s3;
  q5 = u32;
  q6 = u27;
  q7 = u28;
  v128.store(STATE, xor(q0, v128.load(keys, 0)), 0);
  v128.store(STATE, xor(q1, v128.load(keys, 16)), 16);
  v128.store(STATE, xor(q2, v128.load(keys, 32)), 32);
  v128.store(STATE, xor(q3, v128.load(keys, 48)), 48);
  v128.store(STATE, xor(q4, v128.load(keys, 64)), 64);
  v128.store(STATE, xor(q5, v128.load(keys, 80)), 80);
  v128.store(STATE, xor(q6, v128.load(keys, 96)), 96);
  v128.store(STATE, xor(q7, v128.load(keys, 112)), 112);
}

/** The bits m of `mixColumns`. */
const MIXED: usize = memory.data(128, 16);

/** ShiftRows, MixColumns and AddRoundKey of one round from STATE to `to`: what follows SubBytes, by itself. */
export function mixColumns(keys: usize, round: u32, to: usize): void {
  const oneDown = v128.load(DOWN + (turnOf(round) << 5));
  const twoDown = v128.load(DOWN + (turnOf(round) << 5), 16);
  for (let at: usize = 0; at < 128; at += 16) {
    const q = v128.load(STATE + at);
    const r = lookup(q, oneDown);
    const m = xor(q, r);
    v128.store(MIXED + at, m);
    v128.store(to + at, xor(xor(r, lookup(m, twoDown)), v128.load(keys + at)));
  }
  const m7 = v128.load(MIXED, 112);
  for (let bit: usize = 0; bit < 8; bit++) {
    const at = bit << 4;
    // Times x: each bit moves up by one, and bit 7 comes back in where x⁸ + x⁴ + x³ + x + 1 has its terms.
    let m = bit == 0 ? m7 : v128.load(MIXED + at - 16);
    if (bit == 1 || bit == 3 || bit == 4) m = xor(m, m7);
    v128.store(to + at, xor(v128.load(to + at), m));
  }
}

/** Wipes what the rounds leave behind. */
export function wipeRounds(): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < 128; at += 16) {
    v128.store(STATE + at, zero);
    v128.store(MIXED + at, zero);
  }
  for (let at: usize = 0; at < 176; at += 16) v128.store(SPILLED + at, zero);
}
