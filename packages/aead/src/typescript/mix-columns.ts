/**
 * MixColumns on bitsliced state (FIPS 197 §5.1.3), with ShiftRows left out of the rounds: "fixslicing", Adomnicai and
 * Peyrin, "Fixslicing AES-like ciphers" (2021).
 *
 * Bit 8·row + 2·column + block of word i is bit i of that byte. ShiftRows four times over is the identity, so instead
 * of moving the rows, round r reads its neighbours from where they would have been: one row down is r columns to the
 * right. That gives four variants, named for r mod 4; they are unrolled because a rotation by a constant is one
 * instruction. Each also adds the round key, which the key schedule has permuted to match.
 */

/** Round r with r mod 4 = 0. */
export function mixColumns0(q: Int32Array, roundKeys: Int32Array, at: number): void {
  const q0 = q[0] as number;
  const q1 = q[1] as number;
  const q2 = q[2] as number;
  const q3 = q[3] as number;
  const q4 = q[4] as number;
  const q5 = q[5] as number;
  const q6 = q[6] as number;
  const q7 = q[7] as number;
  const r0 = (q0 >>> 8) | (q0 << 24);
  const r1 = (q1 >>> 8) | (q1 << 24);
  const r2 = (q2 >>> 8) | (q2 << 24);
  const r3 = (q3 >>> 8) | (q3 << 24);
  const r4 = (q4 >>> 8) | (q4 << 24);
  const r5 = (q5 >>> 8) | (q5 << 24);
  const r6 = (q6 >>> 8) | (q6 << 24);
  const r7 = (q7 >>> 8) | (q7 << 24);
  const y0 = q0 ^ r0;
  const y1 = q1 ^ r1;
  const y2 = q2 ^ r2;
  const y3 = q3 ^ r3;
  const y4 = q4 ^ r4;
  const y5 = q5 ^ r5;
  const y6 = q6 ^ r6;
  const y7 = q7 ^ r7;
  q[0] = r0 ^ ((y0 >>> 16) | (y0 << 16)) ^ y7 ^ (roundKeys[at + 0] as number);
  q[1] = r1 ^ ((y1 >>> 16) | (y1 << 16)) ^ y0 ^ y7 ^ (roundKeys[at + 1] as number);
  q[2] = r2 ^ ((y2 >>> 16) | (y2 << 16)) ^ y1 ^ (roundKeys[at + 2] as number);
  q[3] = r3 ^ ((y3 >>> 16) | (y3 << 16)) ^ y2 ^ y7 ^ (roundKeys[at + 3] as number);
  q[4] = r4 ^ ((y4 >>> 16) | (y4 << 16)) ^ y3 ^ y7 ^ (roundKeys[at + 4] as number);
  q[5] = r5 ^ ((y5 >>> 16) | (y5 << 16)) ^ y4 ^ (roundKeys[at + 5] as number);
  q[6] = r6 ^ ((y6 >>> 16) | (y6 << 16)) ^ y5 ^ (roundKeys[at + 6] as number);
  q[7] = r7 ^ ((y7 >>> 16) | (y7 << 16)) ^ y6 ^ (roundKeys[at + 7] as number);
}

/** Round r with r mod 4 = 1. */
export function mixColumns1(q: Int32Array, roundKeys: Int32Array, at: number): void {
  const q0 = q[0] as number;
  const q1 = q[1] as number;
  const q2 = q[2] as number;
  const q3 = q[3] as number;
  const q4 = q[4] as number;
  const q5 = q[5] as number;
  const q6 = q[6] as number;
  const q7 = q[7] as number;
  const r0 = (((q0 >>> 10) | (q0 << 22)) & 0x3f3f3f3f) | (((q0 >>> 2) | (q0 << 30)) & 0xc0c0c0c0);
  const r1 = (((q1 >>> 10) | (q1 << 22)) & 0x3f3f3f3f) | (((q1 >>> 2) | (q1 << 30)) & 0xc0c0c0c0);
  const r2 = (((q2 >>> 10) | (q2 << 22)) & 0x3f3f3f3f) | (((q2 >>> 2) | (q2 << 30)) & 0xc0c0c0c0);
  const r3 = (((q3 >>> 10) | (q3 << 22)) & 0x3f3f3f3f) | (((q3 >>> 2) | (q3 << 30)) & 0xc0c0c0c0);
  const r4 = (((q4 >>> 10) | (q4 << 22)) & 0x3f3f3f3f) | (((q4 >>> 2) | (q4 << 30)) & 0xc0c0c0c0);
  const r5 = (((q5 >>> 10) | (q5 << 22)) & 0x3f3f3f3f) | (((q5 >>> 2) | (q5 << 30)) & 0xc0c0c0c0);
  const r6 = (((q6 >>> 10) | (q6 << 22)) & 0x3f3f3f3f) | (((q6 >>> 2) | (q6 << 30)) & 0xc0c0c0c0);
  const r7 = (((q7 >>> 10) | (q7 << 22)) & 0x3f3f3f3f) | (((q7 >>> 2) | (q7 << 30)) & 0xc0c0c0c0);
  const y0 = q0 ^ r0;
  const y1 = q1 ^ r1;
  const y2 = q2 ^ r2;
  const y3 = q3 ^ r3;
  const y4 = q4 ^ r4;
  const y5 = q5 ^ r5;
  const y6 = q6 ^ r6;
  const y7 = q7 ^ r7;
  q[0] =
    r0 ^
    ((((y0 >>> 20) | (y0 << 12)) & 0x0f0f0f0f) | (((y0 >>> 12) | (y0 << 20)) & 0xf0f0f0f0)) ^
    y7 ^
    (roundKeys[at + 0] as number);
  q[1] =
    r1 ^
    ((((y1 >>> 20) | (y1 << 12)) & 0x0f0f0f0f) | (((y1 >>> 12) | (y1 << 20)) & 0xf0f0f0f0)) ^
    y0 ^
    y7 ^
    (roundKeys[at + 1] as number);
  q[2] =
    r2 ^
    ((((y2 >>> 20) | (y2 << 12)) & 0x0f0f0f0f) | (((y2 >>> 12) | (y2 << 20)) & 0xf0f0f0f0)) ^
    y1 ^
    (roundKeys[at + 2] as number);
  q[3] =
    r3 ^
    ((((y3 >>> 20) | (y3 << 12)) & 0x0f0f0f0f) | (((y3 >>> 12) | (y3 << 20)) & 0xf0f0f0f0)) ^
    y2 ^
    y7 ^
    (roundKeys[at + 3] as number);
  q[4] =
    r4 ^
    ((((y4 >>> 20) | (y4 << 12)) & 0x0f0f0f0f) | (((y4 >>> 12) | (y4 << 20)) & 0xf0f0f0f0)) ^
    y3 ^
    y7 ^
    (roundKeys[at + 4] as number);
  q[5] =
    r5 ^
    ((((y5 >>> 20) | (y5 << 12)) & 0x0f0f0f0f) | (((y5 >>> 12) | (y5 << 20)) & 0xf0f0f0f0)) ^
    y4 ^
    (roundKeys[at + 5] as number);
  q[6] =
    r6 ^
    ((((y6 >>> 20) | (y6 << 12)) & 0x0f0f0f0f) | (((y6 >>> 12) | (y6 << 20)) & 0xf0f0f0f0)) ^
    y5 ^
    (roundKeys[at + 6] as number);
  q[7] =
    r7 ^
    ((((y7 >>> 20) | (y7 << 12)) & 0x0f0f0f0f) | (((y7 >>> 12) | (y7 << 20)) & 0xf0f0f0f0)) ^
    y6 ^
    (roundKeys[at + 7] as number);
}

/** Round r with r mod 4 = 2. */
export function mixColumns2(q: Int32Array, roundKeys: Int32Array, at: number): void {
  const q0 = q[0] as number;
  const q1 = q[1] as number;
  const q2 = q[2] as number;
  const q3 = q[3] as number;
  const q4 = q[4] as number;
  const q5 = q[5] as number;
  const q6 = q[6] as number;
  const q7 = q[7] as number;
  const r0 = (((q0 >>> 12) | (q0 << 20)) & 0x0f0f0f0f) | (((q0 >>> 4) | (q0 << 28)) & 0xf0f0f0f0);
  const r1 = (((q1 >>> 12) | (q1 << 20)) & 0x0f0f0f0f) | (((q1 >>> 4) | (q1 << 28)) & 0xf0f0f0f0);
  const r2 = (((q2 >>> 12) | (q2 << 20)) & 0x0f0f0f0f) | (((q2 >>> 4) | (q2 << 28)) & 0xf0f0f0f0);
  const r3 = (((q3 >>> 12) | (q3 << 20)) & 0x0f0f0f0f) | (((q3 >>> 4) | (q3 << 28)) & 0xf0f0f0f0);
  const r4 = (((q4 >>> 12) | (q4 << 20)) & 0x0f0f0f0f) | (((q4 >>> 4) | (q4 << 28)) & 0xf0f0f0f0);
  const r5 = (((q5 >>> 12) | (q5 << 20)) & 0x0f0f0f0f) | (((q5 >>> 4) | (q5 << 28)) & 0xf0f0f0f0);
  const r6 = (((q6 >>> 12) | (q6 << 20)) & 0x0f0f0f0f) | (((q6 >>> 4) | (q6 << 28)) & 0xf0f0f0f0);
  const r7 = (((q7 >>> 12) | (q7 << 20)) & 0x0f0f0f0f) | (((q7 >>> 4) | (q7 << 28)) & 0xf0f0f0f0);
  const y0 = q0 ^ r0;
  const y1 = q1 ^ r1;
  const y2 = q2 ^ r2;
  const y3 = q3 ^ r3;
  const y4 = q4 ^ r4;
  const y5 = q5 ^ r5;
  const y6 = q6 ^ r6;
  const y7 = q7 ^ r7;
  q[0] = r0 ^ ((y0 >>> 16) | (y0 << 16)) ^ y7 ^ (roundKeys[at + 0] as number);
  q[1] = r1 ^ ((y1 >>> 16) | (y1 << 16)) ^ y0 ^ y7 ^ (roundKeys[at + 1] as number);
  q[2] = r2 ^ ((y2 >>> 16) | (y2 << 16)) ^ y1 ^ (roundKeys[at + 2] as number);
  q[3] = r3 ^ ((y3 >>> 16) | (y3 << 16)) ^ y2 ^ y7 ^ (roundKeys[at + 3] as number);
  q[4] = r4 ^ ((y4 >>> 16) | (y4 << 16)) ^ y3 ^ y7 ^ (roundKeys[at + 4] as number);
  q[5] = r5 ^ ((y5 >>> 16) | (y5 << 16)) ^ y4 ^ (roundKeys[at + 5] as number);
  q[6] = r6 ^ ((y6 >>> 16) | (y6 << 16)) ^ y5 ^ (roundKeys[at + 6] as number);
  q[7] = r7 ^ ((y7 >>> 16) | (y7 << 16)) ^ y6 ^ (roundKeys[at + 7] as number);
}

/** Round r with r mod 4 = 3. */
export function mixColumns3(q: Int32Array, roundKeys: Int32Array, at: number): void {
  const q0 = q[0] as number;
  const q1 = q[1] as number;
  const q2 = q[2] as number;
  const q3 = q[3] as number;
  const q4 = q[4] as number;
  const q5 = q[5] as number;
  const q6 = q[6] as number;
  const q7 = q[7] as number;
  const r0 = (((q0 >>> 14) | (q0 << 18)) & 0x03030303) | (((q0 >>> 6) | (q0 << 26)) & 0xfcfcfcfc);
  const r1 = (((q1 >>> 14) | (q1 << 18)) & 0x03030303) | (((q1 >>> 6) | (q1 << 26)) & 0xfcfcfcfc);
  const r2 = (((q2 >>> 14) | (q2 << 18)) & 0x03030303) | (((q2 >>> 6) | (q2 << 26)) & 0xfcfcfcfc);
  const r3 = (((q3 >>> 14) | (q3 << 18)) & 0x03030303) | (((q3 >>> 6) | (q3 << 26)) & 0xfcfcfcfc);
  const r4 = (((q4 >>> 14) | (q4 << 18)) & 0x03030303) | (((q4 >>> 6) | (q4 << 26)) & 0xfcfcfcfc);
  const r5 = (((q5 >>> 14) | (q5 << 18)) & 0x03030303) | (((q5 >>> 6) | (q5 << 26)) & 0xfcfcfcfc);
  const r6 = (((q6 >>> 14) | (q6 << 18)) & 0x03030303) | (((q6 >>> 6) | (q6 << 26)) & 0xfcfcfcfc);
  const r7 = (((q7 >>> 14) | (q7 << 18)) & 0x03030303) | (((q7 >>> 6) | (q7 << 26)) & 0xfcfcfcfc);
  const y0 = q0 ^ r0;
  const y1 = q1 ^ r1;
  const y2 = q2 ^ r2;
  const y3 = q3 ^ r3;
  const y4 = q4 ^ r4;
  const y5 = q5 ^ r5;
  const y6 = q6 ^ r6;
  const y7 = q7 ^ r7;
  q[0] =
    r0 ^
    ((((y0 >>> 20) | (y0 << 12)) & 0x0f0f0f0f) | (((y0 >>> 12) | (y0 << 20)) & 0xf0f0f0f0)) ^
    y7 ^
    (roundKeys[at + 0] as number);
  q[1] =
    r1 ^
    ((((y1 >>> 20) | (y1 << 12)) & 0x0f0f0f0f) | (((y1 >>> 12) | (y1 << 20)) & 0xf0f0f0f0)) ^
    y0 ^
    y7 ^
    (roundKeys[at + 1] as number);
  q[2] =
    r2 ^
    ((((y2 >>> 20) | (y2 << 12)) & 0x0f0f0f0f) | (((y2 >>> 12) | (y2 << 20)) & 0xf0f0f0f0)) ^
    y1 ^
    (roundKeys[at + 2] as number);
  q[3] =
    r3 ^
    ((((y3 >>> 20) | (y3 << 12)) & 0x0f0f0f0f) | (((y3 >>> 12) | (y3 << 20)) & 0xf0f0f0f0)) ^
    y2 ^
    y7 ^
    (roundKeys[at + 3] as number);
  q[4] =
    r4 ^
    ((((y4 >>> 20) | (y4 << 12)) & 0x0f0f0f0f) | (((y4 >>> 12) | (y4 << 20)) & 0xf0f0f0f0)) ^
    y3 ^
    y7 ^
    (roundKeys[at + 4] as number);
  q[5] =
    r5 ^
    ((((y5 >>> 20) | (y5 << 12)) & 0x0f0f0f0f) | (((y5 >>> 12) | (y5 << 20)) & 0xf0f0f0f0)) ^
    y4 ^
    (roundKeys[at + 5] as number);
  q[6] =
    r6 ^
    ((((y6 >>> 20) | (y6 << 12)) & 0x0f0f0f0f) | (((y6 >>> 12) | (y6 << 20)) & 0xf0f0f0f0)) ^
    y5 ^
    (roundKeys[at + 6] as number);
  q[7] =
    r7 ^
    ((((y7 >>> 20) | (y7 << 12)) & 0x0f0f0f0f) | (((y7 >>> 12) | (y7 << 20)) & 0xf0f0f0f0)) ^
    y6 ^
    (roundKeys[at + 7] as number);
}
