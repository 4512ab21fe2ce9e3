/**
 * AES-128, -192 and -256 (FIPS 197), bitsliced: two blocks at a time in eight 32-bit words.
 *
 * Neither branch nor array index depends on key or data, so with a compiler that keeps bitwise operators as they are
 * the time does not either. JavaScript gives no such guarantee, nor can it promise that copies of a key are gone; where
 * that matters, use the WebAssembly engines.
 */
import { runRounds, substituteBytes } from "./rounds.ts";

/** An expanded key: `8 × (rounds + 1)` bitsliced words, permuted as {@link encryptTwoBlocks} wants them. */
export interface AesKey {
  readonly rounds: number;
  readonly roundKeys: Int32Array;
}

/** Expands a key of 16, 24 or 32 bytes, and permutes and slices the round keys. */
export function expandKey(key: Uint8Array): AesKey {
  const schedule = keySchedule(key);
  const rounds = schedule.length / 4 - 1;
  const roundKeys = new Int32Array(8 * (rounds + 1));
  for (let round = 0; round <= rounds; round++) {
    const roundKey = roundKeys.subarray(8 * round, 8 * round + 8);
    sliceRoundKey(roundKey, schedule, 4 * round, round & 3);
    if (round > 0) addSubstitutionConstant(roundKey);
  }
  schedule.fill(0);
  return { rounds, roundKeys };
}

/**
 * KeyExpansion (FIPS 197 §5.2).
 *
 * @param key 16, 24 or 32 bytes
 * @returns four little-endian words for each round key
 */
export function keySchedule(key: Uint8Array): Int32Array {
  const words = key.length >>> 2;
  const schedule = new Int32Array(4 * (words + 7));
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const bits = new Int32Array(8);
  for (let i = 0; i < words; i++) schedule[i] = view.getInt32(4 * i, true);
  let roundConstant = 1;
  for (let i = words; i < schedule.length; i++) {
    let word = schedule[i - 1] as number;
    if (i % words === 0) {
      word = substituteWord((word >>> 8) | (word << 24), bits) ^ roundConstant;
      roundConstant = (roundConstant << 1) ^ (roundConstant >>> 7 ? 0x11b : 0);
    } else if (words === 8 && i % 8 === 4) {
      word = substituteWord(word, bits);
    }
    schedule[i] = (schedule[i - words] as number) ^ word;
  }
  bits.fill(0);
  return schedule;
}

/**
 * Encrypts two blocks in place.
 *
 * @param q eight words: little-endian column c of block b at index 2·c + b
 */
export function encryptTwoBlocks(key: AesKey, q: Int32Array): void {
  const { roundKeys } = key;
  transpose(q);
  for (let i = 0; i < 8; i++) q[i] = (q[i] as number) ^ (roundKeys[i] as number);
  finishTwoBlocks(key, 0, q);
}

/** Takes the slices of two blocks, as they are after round `done`, through the other rounds and back to blocks. */
export function finishTwoBlocks(key: AesKey, done: number, q: Int32Array): void {
  const { rounds, roundKeys } = key;
  runRounds(q, roundKeys, done, rounds);
  transpose(q);
  // After 10 or 14 rounds the rows still stand two ShiftRows back.
  if ((rounds & 2) !== 0) shiftRowsTwice(q);
}

/** SubWord (FIPS 197 §5.2): the S-box on the four bytes of one word. */
function substituteWord(word: number, bits: Int32Array): number {
  for (let i = 0; i < 8; i++) bits[i] = (word >>> i) & 0x01010101;
  substituteBytes(bits);
  let result = 0x63636363;
  for (let i = 0; i < 8; i++) result ^= ((bits[i] as number) & 0x01010101) << i;
  return result;
}

/** Round key in both block positions; row r stands `shift` · r columns to the right, where the rounds look for it. */
function sliceRoundKey(roundKey: Int32Array, schedule: Int32Array, from: number, shift: number): void {
  for (let column = 0; column < 4; column++) {
    let word = 0;
    for (let row = 0; row < 4; row++) {
      word |= (schedule[from + ((column - shift * row) & 3)] as number) & (0xff << (8 * row));
    }
    roundKey[2 * column] = word;
    roundKey[2 * column + 1] = word;
  }
  transpose(roundKey);
}

/** The 0x63 that the S-box circuit leaves out. MixColumns maps a state full of 0x63 to itself. */
function addSubstitutionConstant(roundKey: Int32Array): void {
  for (const i of [0, 1, 5, 6]) roundKey[i] = ~(roundKey[i] as number);
}

/** ShiftRows, two times. */
function shiftRowsTwice(q: Int32Array): void {
  for (let i = 0; i < 4; i++) {
    const left = q[i] as number;
    const right = q[i + 4] as number;
    const exchanged = (left ^ right) & 0xff00ff00;
    q[i] = left ^ exchanged;
    q[i + 4] = right ^ exchanged;
  }
}

/** Transposes the 8×8 bits at each byte position: bit j of word i and bit i of word j change places. */
export function transpose(q: Int32Array): void {
  let q0 = q[0] as number;
  let q1 = q[1] as number;
  let q2 = q[2] as number;
  let q3 = q[3] as number;
  let q4 = q[4] as number;
  let q5 = q[5] as number;
  let q6 = q[6] as number;
  let q7 = q[7] as number;
  let exchanged: number;
  exchanged = ((q0 >>> 1) ^ q1) & 0x55555555;
  q1 ^= exchanged;
  q0 ^= exchanged << 1;
  exchanged = ((q2 >>> 1) ^ q3) & 0x55555555;
  q3 ^= exchanged;
  q2 ^= exchanged << 1;
  exchanged = ((q4 >>> 1) ^ q5) & 0x55555555;
  q5 ^= exchanged;
  q4 ^= exchanged << 1;
  exchanged = ((q6 >>> 1) ^ q7) & 0x55555555;
  q7 ^= exchanged;
  q6 ^= exchanged << 1;
  exchanged = ((q0 >>> 2) ^ q2) & 0x33333333;
  q2 ^= exchanged;
  q0 ^= exchanged << 2;
  exchanged = ((q1 >>> 2) ^ q3) & 0x33333333;
  q3 ^= exchanged;
  q1 ^= exchanged << 2;
  exchanged = ((q4 >>> 2) ^ q6) & 0x33333333;
  q6 ^= exchanged;
  q4 ^= exchanged << 2;
  exchanged = ((q5 >>> 2) ^ q7) & 0x33333333;
  q7 ^= exchanged;
  q5 ^= exchanged << 2;
  exchanged = ((q0 >>> 4) ^ q4) & 0x0f0f0f0f;
  q4 ^= exchanged;
  q0 ^= exchanged << 4;
  exchanged = ((q1 >>> 4) ^ q5) & 0x0f0f0f0f;
  q5 ^= exchanged;
  q1 ^= exchanged << 4;
  exchanged = ((q2 >>> 4) ^ q6) & 0x0f0f0f0f;
  q6 ^= exchanged;
  q2 ^= exchanged << 4;
  exchanged = ((q3 >>> 4) ^ q7) & 0x0f0f0f0f;
  q7 ^= exchanged;
  q3 ^= exchanged << 4;
  q[0] = q0;
  q[1] = q1;
  q[2] = q2;
  q[3] = q3;
  q[4] = q4;
  q[5] = q5;
  q[6] = q6;
  q[7] = q7;
}
