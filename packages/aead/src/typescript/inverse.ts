/**
 * The inverse of AES (FIPS 197 §5.3), bitsliced like the forward direction: bit 8·row + 2·column + block of word i is bit i
 * of that byte. Neither branch nor array index depends on key or data.
 *
 * Key wrapping needs it, for some hundred blocks a key; so it is written to be read, not to be fast. ShiftRows is done
 * where the standard has it.
 */
import { keySchedule, transpose } from "./aes.ts";
import { substituteBytes } from "./rounds.ts";

/** Round keys in the order of the standard, sliced for two blocks: `8 × (rounds + 1)` words. */
export type InverseKey = Int32Array;

/** @param key 16, 24 or 32 bytes */
export function expandInverseKey(key: Uint8Array): InverseKey {
  const schedule = keySchedule(key);
  const roundKeys = new Int32Array(2 * schedule.length);
  for (let i = 0; i < schedule.length; i++) {
    roundKeys[2 * i] = schedule[i] as number;
    roundKeys[2 * i + 1] = schedule[i] as number;
  }
  for (let round = 0; round < roundKeys.length; round += 8) transpose(roundKeys.subarray(round, round + 8));
  schedule.fill(0);
  return roundKeys;
}

/**
 * Decrypts two blocks in place.
 *
 * @param q eight words: little-endian column c of block b at index 2·c + b
 */
export function decryptTwoBlocks(roundKeys: InverseKey, q: Int32Array): void {
  const sums = new Int32Array(8);
  transpose(q);
  addRoundKey(q, roundKeys, roundKeys.length - 8);
  for (let round = roundKeys.length - 16; round >= 0; round -= 8) {
    inverseShiftRows(q);
    inverseSubstituteBytes(q);
    addRoundKey(q, roundKeys, round);
    if (round > 0) inverseMixColumns(q, sums);
  }
  transpose(q);
  sums.fill(0);
}

function addRoundKey(q: Int32Array, roundKeys: InverseKey, from: number): void {
  for (let i = 0; i < 8; i++) q[i] = (q[i] as number) ^ (roundKeys[from + i] as number);
}

/** InvShiftRows (§5.3.1): row r moves r columns to the right. A column is two bits of the row's byte. */
function inverseShiftRows(q: Int32Array): void {
  for (let i = 0; i < 8; i++) {
    const word = q[i] as number;
    q[i] =
      (word & 0x000000ff) |
      ((word & 0x00003f00) << 2) |
      ((word & 0x0000c000) >>> 6) |
      ((word & 0x000f0000) << 4) |
      ((word & 0x00f00000) >>> 4) |
      ((word & 0x03000000) << 6) |
      ((word & 0xfc000000) >>> 2);
  }
}

/**
 * InvSubBytes (§5.3.2) by the circuit of SubBytes. With A the linear part of its affine map and 0x63 its constant,
 * S(x) = A(x⁻¹) ⊕ 0x63, so that S⁻¹(y) = A⁻¹(S(A⁻¹(y ⊕ 0x63)) ⊕ 0x63). The circuit leaves the constant out already.
 */
function inverseSubstituteBytes(q: Int32Array): void {
  addConstant(q);
  inverseAffine(q);
  substituteBytes(q);
  inverseAffine(q);
}

/** Adds 0x63 to every byte. */
function addConstant(q: Int32Array): void {
  q[0] = ~(q[0] as number);
  q[1] = ~(q[1] as number);
  q[5] = ~(q[5] as number);
  q[6] = ~(q[6] as number);
}

/** A⁻¹: bit i of the result is the sum of bits i + 2, i + 5 and i + 7, modulo 8. */
function inverseAffine(q: Int32Array): void {
  const q0 = q[0] as number;
  const q1 = q[1] as number;
  const q2 = q[2] as number;
  const q3 = q[3] as number;
  const q4 = q[4] as number;
  const q5 = q[5] as number;
  const q6 = q[6] as number;
  const q7 = q[7] as number;
  q[0] = q2 ^ q5 ^ q7;
  q[1] = q3 ^ q6 ^ q0;
  q[2] = q4 ^ q7 ^ q1;
  q[3] = q5 ^ q0 ^ q2;
  q[4] = q6 ^ q1 ^ q3;
  q[5] = q7 ^ q2 ^ q4;
  q[6] = q0 ^ q3 ^ q5;
  q[7] = q1 ^ q4 ^ q6;
}

/**
 * InvMixColumns (§5.3.3). Its matrix is that of MixColumns times one that adds 4 · (a[r] ⊕ a[r + 2]) to row r, so that is
 * done first.
 *
 * @param sums eight words to work in
 */
function inverseMixColumns(q: Int32Array, sums: Int32Array): void {
  for (let i = 0; i < 8; i++) sums[i] = (q[i] as number) ^ rowsDown(q[i] as number, 16);
  double(sums);
  double(sums);
  for (let i = 0; i < 8; i++) q[i] = (q[i] as number) ^ (sums[i] as number);
  // MixColumns (§5.1.3): 2 · (a[r] ⊕ a[r + 1]) ⊕ a[r + 1] ⊕ a[r + 2] ⊕ a[r + 3].
  for (let i = 0; i < 8; i++) sums[i] = (q[i] as number) ^ rowsDown(q[i] as number, 8);
  double(sums);
  for (let i = 0; i < 8; i++) {
    const word = q[i] as number;
    q[i] = (sums[i] as number) ^ rowsDown(word, 8) ^ rowsDown(word, 16) ^ rowsDown(word, 24);
  }
}

/** What stands `bits` / 8 rows down, in place of each row. */
function rowsDown(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** xTime (§4.2.1): multiplies every byte by x, modulo x⁸ + x⁴ + x³ + x + 1. */
function double(q: Int32Array): void {
  const highest = q[7] as number;
  for (let i = 7; i > 0; i--) q[i] = q[i - 1] as number;
  q[0] = highest;
  for (let i = 1; i < 5; i++) if (i !== 2) q[i] = (q[i] as number) ^ highest;
}
