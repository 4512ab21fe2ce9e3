/** Eight counter blocks at once: into slices, through the rounds, out again and onto the text. */
import { CONTEXT_ROUNDS, CONTEXT_SCHEDULE, CONTEXT_SLICES } from "../memory-map";
import { lookup } from "./lookup";
import { STATE, TO_ROWS, runRounds, turnOf } from "./rounds";

/** Every other bit, pair and nibble. From memory, because engines make constants anew wherever they are used. */
const BITS_55: usize = memory.data<u8>([85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85, 85]);
const BITS_33: usize = memory.data<u8>([51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51, 51]);
const BITS_0F: usize = memory.data<u8>([15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15]);

/** Back to the standard order: the last s is 0 or 2. */
const FROM_ROWS: usize = memory.data<u8>([
  0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
  0, 6, 8, 14, 1, 7, 9, 15, 2, 4, 10, 12, 3, 5, 11, 13,
]);

// @ts-ignore: decorator
@inline
function xor(a: v128, b: v128): v128 {
  return v128.xor(a, b);
}

/** The bits that change places between two registers when their 2×2 bit squares are transposed. */
// @ts-ignore: decorator
@inline
function exchanged(low: v128, high: v128, mask: v128, shift: i32): v128 {
  return v128.and(xor(i64x2.shr_u(low, shift), high), mask);
}

/** Transposes the 8×8 bits that each byte position of STATE holds: from blocks to slices, and back. */
function transpose(): void {
  let q0 = v128.load(STATE, 0);
  let q1 = v128.load(STATE, 16);
  let q2 = v128.load(STATE, 32);
  let q3 = v128.load(STATE, 48);
  let q4 = v128.load(STATE, 64);
  let q5 = v128.load(STATE, 80);
  let q6 = v128.load(STATE, 96);
  let q7 = v128.load(STATE, 112);
  let mask: v128;
  let t: v128;
  mask = v128.load(BITS_55);
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
  mask = v128.load(BITS_33);
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
  mask = v128.load(BITS_0F);
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
  v128.store(STATE, q0, 0);
  v128.store(STATE, q1, 16);
  v128.store(STATE, q2, 32);
  v128.store(STATE, q3, 48);
  v128.store(STATE, q4, 64);
  v128.store(STATE, q5, 80);
  v128.store(STATE, q6, 96);
  v128.store(STATE, q7, 112);
}

/**
 * Counter mode over eight blocks: `text` becomes text ⊕ E(K, counter), E(K, counter + 1), …
 *
 * @param first the first counter block; its last four bytes are replaced by `counter`
 */
export function counterModeEight(context: usize, first: v128, counter: u32, text: usize): void {
  const order = v128.load(TO_ROWS + (turnOf(0) << 4));
  const roundKey = v128.load(context + CONTEXT_SCHEDULE);
  for (let at: usize = 0; at < 128; at += 16) {
    v128.store(STATE + at, lookup(xor(i32x4.replace_lane(first, 3, bswap(counter)), roundKey), order));
    counter++;
  }
  transpose();
  finishEight(context, 0, text);
}

/** Takes STATE, as it is after round `done`, through the others, and adds the eight blocks of key stream to `text`. */
export function finishEight(context: usize, done: u32, text: usize): void {
  const rounds = load<u32>(context + CONTEXT_ROUNDS);
  const keys = context + CONTEXT_SLICES;
  runRounds(keys + (done << 7), keys + (rounds << 7), done);
  transpose();
  const order = v128.load(FROM_ROWS + (turnOf(rounds) << 3));
  v128.store(text, xor(lookup(v128.load(STATE, 0), order), v128.load(text, 0)), 0);
  v128.store(text, xor(lookup(v128.load(STATE, 16), order), v128.load(text, 16)), 16);
  v128.store(text, xor(lookup(v128.load(STATE, 32), order), v128.load(text, 32)), 32);
  v128.store(text, xor(lookup(v128.load(STATE, 48), order), v128.load(text, 48)), 48);
  v128.store(text, xor(lookup(v128.load(STATE, 64), order), v128.load(text, 64)), 64);
  v128.store(text, xor(lookup(v128.load(STATE, 80), order), v128.load(text, 80)), 80);
  v128.store(text, xor(lookup(v128.load(STATE, 96), order), v128.load(text, 96)), 96);
  v128.store(text, xor(lookup(v128.load(STATE, 112), order), v128.load(text, 112)), 112);
}
