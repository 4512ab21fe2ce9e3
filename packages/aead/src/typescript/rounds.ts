/**
 * The rounds of AES (FIPS 197 §5.1), bitsliced: bit 8·row + 2·column + block of word i is bit i of that byte.
 *
 * SubBytes is a circuit, so that no table is indexed by a secret. Gates after Boyar and Peralta, "A new combinational logic
 * minimization technique with applications to cryptology" (2010), figures 5 to 7, whose signal names are kept: x inputs with
 * the most significant bit first, y after the linear top layer, t and z inside the inversion in GF(2⁸). The four NOT gates of
 * the affine constant 0x63 are left out: it is folded into the round keys.
 *
 * ShiftRows is left out: "fixslicing", Adomnicai and Peyrin, "Fixslicing AES-like ciphers" (2021). Four times over it is the
 * identity, so instead of moving the rows, round r reads its neighbours from where they would have been: one row down is r
 * columns to the right. That gives four variants of MixColumns, unrolled because a rotation by a constant is one instruction.
 *
 * It is one long function because its values must be registers, not memory.
 */

/**
 * Takes the state `q`, eight words, from the one of round `from` to that of round `to`, which is treated as the last: no
 * MixColumns.
 *
 * @param roundKeys 8 × (`to` + 1) words, permuted as the rounds want them
 */
export function runRounds(q: Int32Array, roundKeys: Int32Array, from: number, to: number): void {
  let q0 = q[0] as number;
  let q1 = q[1] as number;
  let q2 = q[2] as number;
  let q3 = q[3] as number;
  let q4 = q[4] as number;
  let q5 = q[5] as number;
  let q6 = q[6] as number;
  let q7 = q[7] as number;
  for (let round = from + 1; ; round++) {
    const x0 = q7;
    const x1 = q6;
    const x2 = q5;
    const x3 = q4;
    const x4 = q3;
    const x5 = q2;
    const x6 = q1;
    const x7 = q0;
    const y14 = x3 ^ x5;
    const y13 = x0 ^ x6;
    const y9 = x0 ^ x3;
    const y8 = x0 ^ x5;
    const t0 = x1 ^ x2;
    const y1 = t0 ^ x7;
    const y4 = y1 ^ x3;
    const y12 = y13 ^ y14;
    const y2 = y1 ^ x0;
    const y5 = y1 ^ x6;
    const y3 = y5 ^ y8;
    const t1 = x4 ^ y12;
    const y15 = t1 ^ x5;
    const y20 = t1 ^ x1;
    const y6 = y15 ^ x7;
    const y10 = y15 ^ t0;
    const y11 = y20 ^ y9;
    const y7 = x7 ^ y11;
    const y17 = y10 ^ y11;
    const y19 = y10 ^ y8;
    const y16 = t0 ^ y11;
    const y21 = y13 ^ y16;
    const y18 = x0 ^ y16;

    const t2 = y12 & y15;
    const t4 = (y3 & y6) ^ t2;
    const t6 = (y4 & x7) ^ t2;
    const t7 = y13 & y16;
    const t9 = (y5 & y1) ^ t7;
    const t11 = (y2 & y7) ^ t7;
    const t12 = y9 & y11;
    const t14 = (y14 & y17) ^ t12;
    const t16 = (y8 & y10) ^ t12;
    const t21 = t4 ^ t14 ^ y20;
    const t22 = t6 ^ t16 ^ y19;
    const t23 = t9 ^ t14 ^ y21;
    const t24 = t11 ^ t16 ^ y18;
    const t25 = t21 ^ t22;
    const t26 = t21 & t23;
    const t27 = t24 ^ t26;
    const t29 = (t25 & t27) ^ t22;
    const t30 = t23 ^ t24;
    const t31 = t22 ^ t26;
    const t33 = (t31 & t30) ^ t24;
    const t34 = t23 ^ t33;
    const t35 = t27 ^ t33;
    const t36 = t24 & t35;
    const t37 = t36 ^ t34;
    const t38 = t27 ^ t36;
    const t40 = t25 ^ (t29 & t38);
    const t41 = t40 ^ t37;
    const t42 = t29 ^ t33;
    const t43 = t29 ^ t40;
    const t44 = t33 ^ t37;
    const t45 = t42 ^ t41;

    const z2 = t33 & x7;
    const z3 = t43 & y16;
    const z4 = t40 & y1;
    const z5 = t29 & y7;
    const z7 = t45 & y17;
    const z10 = t37 & y3;
    const z12 = t43 & y13;
    const z16 = t45 & y14;
    const t46 = (t42 & y9) ^ z16;
    const t48 = z5 ^ (t40 & y5);
    const t53 = (t44 & y15) ^ z3;
    const t57 = z2 ^ z12 ^ t53;
    const t58 = z4 ^ t46;
    const t59 = z3 ^ (t42 & y11) ^ z7;
    const t62 = z7 ^ (t41 & y10) ^ t58;
    const t63 = (t44 & y12) ^ z10 ^ t58;
    const t64 = z4 ^ t59;
    const t65 = (t29 & y2) ^ t57 ^ t62;
    const t66 = (t37 & y6) ^ t63;
    const s3 = t53 ^ t66;

    q7 = t59 ^ t63;
    q6 = t64 ^ s3;
    q5 = z16 ^ (t41 & y8) ^ t64 ^ t65;
    q4 = s3;
    q3 = z2 ^ z5 ^ t66;
    q2 = z10 ^ (t33 & y4) ^ t65;
    q1 = z12 ^ t48 ^ t62;
    q0 = t48 ^ t46 ^ t57;
    if (round === to) break;

    const at = 8 * round;
    if ((round & 1) === 0) {
      if ((round & 2) === 0) {
        const r0 = (q0 >>> 8) | (q0 << 24);
        const r1 = (q1 >>> 8) | (q1 << 24);
        const r2 = (q2 >>> 8) | (q2 << 24);
        const r3 = (q3 >>> 8) | (q3 << 24);
        const r4 = (q4 >>> 8) | (q4 << 24);
        const r5 = (q5 >>> 8) | (q5 << 24);
        const r6 = (q6 >>> 8) | (q6 << 24);
        const r7 = (q7 >>> 8) | (q7 << 24);
        const m0 = q0 ^ r0;
        const m1 = q1 ^ r1;
        const m2 = q2 ^ r2;
        const m3 = q3 ^ r3;
        const m4 = q4 ^ r4;
        const m5 = q5 ^ r5;
        const m6 = q6 ^ r6;
        const m7 = q7 ^ r7;
        q0 = r0 ^ ((m0 >>> 16) | (m0 << 16)) ^ m7 ^ (roundKeys[at + 0] as number);
        q1 = r1 ^ ((m1 >>> 16) | (m1 << 16)) ^ m0 ^ m7 ^ (roundKeys[at + 1] as number);
        q2 = r2 ^ ((m2 >>> 16) | (m2 << 16)) ^ m1 ^ (roundKeys[at + 2] as number);
        q3 = r3 ^ ((m3 >>> 16) | (m3 << 16)) ^ m2 ^ m7 ^ (roundKeys[at + 3] as number);
        q4 = r4 ^ ((m4 >>> 16) | (m4 << 16)) ^ m3 ^ m7 ^ (roundKeys[at + 4] as number);
        q5 = r5 ^ ((m5 >>> 16) | (m5 << 16)) ^ m4 ^ (roundKeys[at + 5] as number);
        q6 = r6 ^ ((m6 >>> 16) | (m6 << 16)) ^ m5 ^ (roundKeys[at + 6] as number);
        q7 = r7 ^ ((m7 >>> 16) | (m7 << 16)) ^ m6 ^ (roundKeys[at + 7] as number);
      } else {
        const r0 = (((q0 >>> 12) | (q0 << 20)) & 0x0f0f0f0f) | (((q0 >>> 4) | (q0 << 28)) & 0xf0f0f0f0);
        const r1 = (((q1 >>> 12) | (q1 << 20)) & 0x0f0f0f0f) | (((q1 >>> 4) | (q1 << 28)) & 0xf0f0f0f0);
        const r2 = (((q2 >>> 12) | (q2 << 20)) & 0x0f0f0f0f) | (((q2 >>> 4) | (q2 << 28)) & 0xf0f0f0f0);
        const r3 = (((q3 >>> 12) | (q3 << 20)) & 0x0f0f0f0f) | (((q3 >>> 4) | (q3 << 28)) & 0xf0f0f0f0);
        const r4 = (((q4 >>> 12) | (q4 << 20)) & 0x0f0f0f0f) | (((q4 >>> 4) | (q4 << 28)) & 0xf0f0f0f0);
        const r5 = (((q5 >>> 12) | (q5 << 20)) & 0x0f0f0f0f) | (((q5 >>> 4) | (q5 << 28)) & 0xf0f0f0f0);
        const r6 = (((q6 >>> 12) | (q6 << 20)) & 0x0f0f0f0f) | (((q6 >>> 4) | (q6 << 28)) & 0xf0f0f0f0);
        const r7 = (((q7 >>> 12) | (q7 << 20)) & 0x0f0f0f0f) | (((q7 >>> 4) | (q7 << 28)) & 0xf0f0f0f0);
        const m0 = q0 ^ r0;
        const m1 = q1 ^ r1;
        const m2 = q2 ^ r2;
        const m3 = q3 ^ r3;
        const m4 = q4 ^ r4;
        const m5 = q5 ^ r5;
        const m6 = q6 ^ r6;
        const m7 = q7 ^ r7;
        q0 = r0 ^ ((m0 >>> 16) | (m0 << 16)) ^ m7 ^ (roundKeys[at + 0] as number);
        q1 = r1 ^ ((m1 >>> 16) | (m1 << 16)) ^ m0 ^ m7 ^ (roundKeys[at + 1] as number);
        q2 = r2 ^ ((m2 >>> 16) | (m2 << 16)) ^ m1 ^ (roundKeys[at + 2] as number);
        q3 = r3 ^ ((m3 >>> 16) | (m3 << 16)) ^ m2 ^ m7 ^ (roundKeys[at + 3] as number);
        q4 = r4 ^ ((m4 >>> 16) | (m4 << 16)) ^ m3 ^ m7 ^ (roundKeys[at + 4] as number);
        q5 = r5 ^ ((m5 >>> 16) | (m5 << 16)) ^ m4 ^ (roundKeys[at + 5] as number);
        q6 = r6 ^ ((m6 >>> 16) | (m6 << 16)) ^ m5 ^ (roundKeys[at + 6] as number);
        q7 = r7 ^ ((m7 >>> 16) | (m7 << 16)) ^ m6 ^ (roundKeys[at + 7] as number);
      }
    } else if ((round & 2) === 0) {
      const r0 = (((q0 >>> 10) | (q0 << 22)) & 0x3f3f3f3f) | (((q0 >>> 2) | (q0 << 30)) & 0xc0c0c0c0);
      const r1 = (((q1 >>> 10) | (q1 << 22)) & 0x3f3f3f3f) | (((q1 >>> 2) | (q1 << 30)) & 0xc0c0c0c0);
      const r2 = (((q2 >>> 10) | (q2 << 22)) & 0x3f3f3f3f) | (((q2 >>> 2) | (q2 << 30)) & 0xc0c0c0c0);
      const r3 = (((q3 >>> 10) | (q3 << 22)) & 0x3f3f3f3f) | (((q3 >>> 2) | (q3 << 30)) & 0xc0c0c0c0);
      const r4 = (((q4 >>> 10) | (q4 << 22)) & 0x3f3f3f3f) | (((q4 >>> 2) | (q4 << 30)) & 0xc0c0c0c0);
      const r5 = (((q5 >>> 10) | (q5 << 22)) & 0x3f3f3f3f) | (((q5 >>> 2) | (q5 << 30)) & 0xc0c0c0c0);
      const r6 = (((q6 >>> 10) | (q6 << 22)) & 0x3f3f3f3f) | (((q6 >>> 2) | (q6 << 30)) & 0xc0c0c0c0);
      const r7 = (((q7 >>> 10) | (q7 << 22)) & 0x3f3f3f3f) | (((q7 >>> 2) | (q7 << 30)) & 0xc0c0c0c0);
      const m0 = q0 ^ r0;
      const m1 = q1 ^ r1;
      const m2 = q2 ^ r2;
      const m3 = q3 ^ r3;
      const m4 = q4 ^ r4;
      const m5 = q5 ^ r5;
      const m6 = q6 ^ r6;
      const m7 = q7 ^ r7;
      q0 =
        r0 ^
        ((((m0 >>> 20) | (m0 << 12)) & 0x0f0f0f0f) | (((m0 >>> 12) | (m0 << 20)) & 0xf0f0f0f0)) ^
        m7 ^
        (roundKeys[at + 0] as number);
      q1 =
        r1 ^
        ((((m1 >>> 20) | (m1 << 12)) & 0x0f0f0f0f) | (((m1 >>> 12) | (m1 << 20)) & 0xf0f0f0f0)) ^
        m0 ^
        m7 ^
        (roundKeys[at + 1] as number);
      q2 =
        r2 ^
        ((((m2 >>> 20) | (m2 << 12)) & 0x0f0f0f0f) | (((m2 >>> 12) | (m2 << 20)) & 0xf0f0f0f0)) ^
        m1 ^
        (roundKeys[at + 2] as number);
      q3 =
        r3 ^
        ((((m3 >>> 20) | (m3 << 12)) & 0x0f0f0f0f) | (((m3 >>> 12) | (m3 << 20)) & 0xf0f0f0f0)) ^
        m2 ^
        m7 ^
        (roundKeys[at + 3] as number);
      q4 =
        r4 ^
        ((((m4 >>> 20) | (m4 << 12)) & 0x0f0f0f0f) | (((m4 >>> 12) | (m4 << 20)) & 0xf0f0f0f0)) ^
        m3 ^
        m7 ^
        (roundKeys[at + 4] as number);
      q5 =
        r5 ^
        ((((m5 >>> 20) | (m5 << 12)) & 0x0f0f0f0f) | (((m5 >>> 12) | (m5 << 20)) & 0xf0f0f0f0)) ^
        m4 ^
        (roundKeys[at + 5] as number);
      q6 =
        r6 ^
        ((((m6 >>> 20) | (m6 << 12)) & 0x0f0f0f0f) | (((m6 >>> 12) | (m6 << 20)) & 0xf0f0f0f0)) ^
        m5 ^
        (roundKeys[at + 6] as number);
      q7 =
        r7 ^
        ((((m7 >>> 20) | (m7 << 12)) & 0x0f0f0f0f) | (((m7 >>> 12) | (m7 << 20)) & 0xf0f0f0f0)) ^
        m6 ^
        (roundKeys[at + 7] as number);
    } else {
      const r0 = (((q0 >>> 14) | (q0 << 18)) & 0x03030303) | (((q0 >>> 6) | (q0 << 26)) & 0xfcfcfcfc);
      const r1 = (((q1 >>> 14) | (q1 << 18)) & 0x03030303) | (((q1 >>> 6) | (q1 << 26)) & 0xfcfcfcfc);
      const r2 = (((q2 >>> 14) | (q2 << 18)) & 0x03030303) | (((q2 >>> 6) | (q2 << 26)) & 0xfcfcfcfc);
      const r3 = (((q3 >>> 14) | (q3 << 18)) & 0x03030303) | (((q3 >>> 6) | (q3 << 26)) & 0xfcfcfcfc);
      const r4 = (((q4 >>> 14) | (q4 << 18)) & 0x03030303) | (((q4 >>> 6) | (q4 << 26)) & 0xfcfcfcfc);
      const r5 = (((q5 >>> 14) | (q5 << 18)) & 0x03030303) | (((q5 >>> 6) | (q5 << 26)) & 0xfcfcfcfc);
      const r6 = (((q6 >>> 14) | (q6 << 18)) & 0x03030303) | (((q6 >>> 6) | (q6 << 26)) & 0xfcfcfcfc);
      const r7 = (((q7 >>> 14) | (q7 << 18)) & 0x03030303) | (((q7 >>> 6) | (q7 << 26)) & 0xfcfcfcfc);
      const m0 = q0 ^ r0;
      const m1 = q1 ^ r1;
      const m2 = q2 ^ r2;
      const m3 = q3 ^ r3;
      const m4 = q4 ^ r4;
      const m5 = q5 ^ r5;
      const m6 = q6 ^ r6;
      const m7 = q7 ^ r7;
      q0 =
        r0 ^
        ((((m0 >>> 20) | (m0 << 12)) & 0x0f0f0f0f) | (((m0 >>> 12) | (m0 << 20)) & 0xf0f0f0f0)) ^
        m7 ^
        (roundKeys[at + 0] as number);
      q1 =
        r1 ^
        ((((m1 >>> 20) | (m1 << 12)) & 0x0f0f0f0f) | (((m1 >>> 12) | (m1 << 20)) & 0xf0f0f0f0)) ^
        m0 ^
        m7 ^
        (roundKeys[at + 1] as number);
      q2 =
        r2 ^
        ((((m2 >>> 20) | (m2 << 12)) & 0x0f0f0f0f) | (((m2 >>> 12) | (m2 << 20)) & 0xf0f0f0f0)) ^
        m1 ^
        (roundKeys[at + 2] as number);
      q3 =
        r3 ^
        ((((m3 >>> 20) | (m3 << 12)) & 0x0f0f0f0f) | (((m3 >>> 12) | (m3 << 20)) & 0xf0f0f0f0)) ^
        m2 ^
        m7 ^
        (roundKeys[at + 3] as number);
      q4 =
        r4 ^
        ((((m4 >>> 20) | (m4 << 12)) & 0x0f0f0f0f) | (((m4 >>> 12) | (m4 << 20)) & 0xf0f0f0f0)) ^
        m3 ^
        m7 ^
        (roundKeys[at + 4] as number);
      q5 =
        r5 ^
        ((((m5 >>> 20) | (m5 << 12)) & 0x0f0f0f0f) | (((m5 >>> 12) | (m5 << 20)) & 0xf0f0f0f0)) ^
        m4 ^
        (roundKeys[at + 5] as number);
      q6 =
        r6 ^
        ((((m6 >>> 20) | (m6 << 12)) & 0x0f0f0f0f) | (((m6 >>> 12) | (m6 << 20)) & 0xf0f0f0f0)) ^
        m5 ^
        (roundKeys[at + 6] as number);
      q7 =
        r7 ^
        ((((m7 >>> 20) | (m7 << 12)) & 0x0f0f0f0f) | (((m7 >>> 12) | (m7 << 20)) & 0xf0f0f0f0)) ^
        m6 ^
        (roundKeys[at + 7] as number);
    }
  }
  const last = 8 * to;
  q[0] = q0 ^ (roundKeys[last + 0] as number);
  q[1] = q1 ^ (roundKeys[last + 1] as number);
  q[2] = q2 ^ (roundKeys[last + 2] as number);
  q[3] = q3 ^ (roundKeys[last + 3] as number);
  q[4] = q4 ^ (roundKeys[last + 4] as number);
  q[5] = q5 ^ (roundKeys[last + 5] as number);
  q[6] = q6 ^ (roundKeys[last + 6] as number);
  q[7] = q7 ^ (roundKeys[last + 7] as number);
}

/** A round key of zeros. */
const NO_KEYS = new Int32Array(16);

/** SubBytes by itself, without the constant 0x63. */
export function substituteBytes(q: Int32Array): void {
  runRounds(q, NO_KEYS, 0, 1);
}

/** What follows SubBytes in a round by itself: ShiftRows, MixColumns and AddRoundKey. */
export function mixColumns(q: Int32Array, roundKeys: Int32Array, round: number): void {
  const turn = 2 * (round & 3);
  const m = q.map((word) => word ^ below(word, 1, turn));
  const highest = m[7] as number;
  for (let i = 0; i < 8; i++) {
    // Times x: each bit moves up by one, and bit 7 comes back in where x⁸ + x⁴ + x³ + x + 1 has its terms.
    const doubled = i === 0 ? highest : (m[i - 1] as number) ^ (i === 1 || i === 3 || i === 4 ? highest : 0);
    const mixed = below(q[i] as number, 1, turn) ^ below(m[i] as number, 2, (2 * turn) & 7);
    q[i] = mixed ^ doubled ^ (roundKeys[8 * round + i] as number);
  }
  m.fill(0);
}

/** What stands `rows` down and `turn` bits to the right. */
function below(word: number, rows: number, turn: number): number {
  const mask = Math.imul(0xff >>> turn, 0x01010101);
  const turned = ((word >>> turn) & mask) | ((word << (8 - turn)) & ~mask);
  return (turned >>> (8 * rows)) | (turned << (32 - 8 * rows));
}
