/**
 * AES (FIPS 197) bitsliced over 32-bit integers, two blocks at once.
 *
 * The S-box is the circuit of Boyar and Peralta ("A depth-16 circuit for the AES S-box", 2012): AND, XOR and NOT over
 * bit planes. There is no table, so no memory address depends on a secret. What machine code a JavaScript engine makes
 * of it is the engine's to decide; nothing is promised about time.
 */

/** Bit planes of two blocks: word i holds bit i of each of their 32 bytes. */
type Planes = Int32Array;

/** An expanded key: (rounds + 1) × 8 words. Holds secrets; fill it with zeros when done. */
export interface AesKey {
  readonly rounds: number;
  readonly planes: Int32Array;
}

/** Length of a block in bytes. */
export const BLOCK = 16;

/** Expands a key of 16, 24 or 32 bytes (FIPS 197 §5.2). */
export function expandKey(key: Uint8Array): AesKey {
  const keyWords = key.length / 4;
  const rounds = keyWords + 6;
  const words = new Int32Array(4 * (rounds + 1));
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  for (let i = 0; i < keyWords; i++) words[i] = view.getInt32(4 * i, true);
  let roundConstant = 1;
  for (let i = keyWords; i < words.length; i++) {
    let word = words[i - 1] as number;
    if (i % keyWords === 0) {
      word = subWord((word << 24) | (word >>> 8)) ^ roundConstant;
      roundConstant = (roundConstant << 1) ^ (0x11b & -(roundConstant >>> 7));
    } else if (keyWords > 6 && i % keyWords === 4) {
      word = subWord(word);
    }
    words[i] = (words[i - keyWords] as number) ^ word;
  }
  const planes = new Int32Array(8 * (rounds + 1));
  for (let round = 0; round <= rounds; round++) {
    const q = planes.subarray(8 * round, 8 * round + 8);
    for (let word = 0; word < 4; word++) q[2 * word] = q[2 * word + 1] = words[4 * round + word] as number;
    transpose(q);
  }
  words.fill(0);
  return { rounds, planes };
}

/** Encrypts two blocks in place: words 0, 2, 4, 6 are the first block, 1, 3, 5, 7 the second, little-endian. */
export function encryptTwoBlocks(key: AesKey, q: Planes): void {
  transpose(q);
  addRoundKey(q, key.planes, 0);
  for (let round = 1; round < key.rounds; round++) {
    subBytes(q);
    shiftRows(q);
    mixColumns(q);
    addRoundKey(q, key.planes, 8 * round);
  }
  subBytes(q);
  shiftRows(q);
  addRoundKey(q, key.planes, 8 * key.rounds);
  transpose(q);
}

/** SubWord of the key expansion: the S-box on each byte of a word. */
function subWord(word: number): number {
  const q = new Int32Array(8).fill(word);
  transpose(q);
  subBytes(q);
  transpose(q);
  const substituted = q[0] as number;
  q.fill(0);
  return substituted;
}

/** Turns eight words into eight bit planes, and back: the transposition is its own inverse. */
function transpose(q: Planes): void {
  for (let i = 0; i < 8; i += 2) swap(q, i, i + 1, 0x55555555, 1);
  for (let i = 0; i < 8; i += i % 2 === 0 ? 1 : 3) swap(q, i, i + 2, 0x33333333, 2);
  for (let i = 0; i < 4; i++) swap(q, i, i + 4, 0x0f0f0f0f, 4);
}

/** Swaps the high bits of `q[a]` under the mask with the low bits of `q[b]`. */
function swap(q: Planes, a: number, b: number, low: number, shift: number): void {
  const x = q[a] as number;
  const y = q[b] as number;
  q[a] = (x & low) | ((y & low) << shift);
  q[b] = ((x >>> shift) & low) | (y & ~low);
}

function addRoundKey(q: Planes, planes: Int32Array, offset: number): void {
  for (let i = 0; i < 8; i++) q[i] = (q[i] as number) ^ (planes[offset + i] as number);
}

/** Row r of the state stands in byte r of each plane; it rotates by r columns, two bits each. */
function shiftRows(q: Planes): void {
  for (let i = 0; i < 8; i++) {
    const x = q[i] as number;
    q[i] =
      (x & 0x000000ff) |
      ((x & 0x0000fc00) >>> 2) |
      ((x & 0x00000300) << 6) |
      ((x & 0x00f00000) >>> 4) |
      ((x & 0x000f0000) << 4) |
      ((x & 0xc0000000) >>> 6) |
      ((x & 0x3f000000) << 2);
  }
}

/** 2·a0 ⊕ 3·a1 ⊕ a2 ⊕ a3 for each column: doubling moves planes up by one, with the reduction at planes 1, 3, 4. */
function mixColumns(q: Planes): void {
  const [q0, q1, q2, q3, q4, q5, q6, q7] = q as unknown as Eight;
  const r0 = (q0 >>> 8) | (q0 << 24);
  const r1 = (q1 >>> 8) | (q1 << 24);
  const r2 = (q2 >>> 8) | (q2 << 24);
  const r3 = (q3 >>> 8) | (q3 << 24);
  const r4 = (q4 >>> 8) | (q4 << 24);
  const r5 = (q5 >>> 8) | (q5 << 24);
  const r6 = (q6 >>> 8) | (q6 << 24);
  const r7 = (q7 >>> 8) | (q7 << 24);
  q[0] = q7 ^ r7 ^ r0 ^ half(q0 ^ r0);
  q[1] = q0 ^ r0 ^ q7 ^ r7 ^ r1 ^ half(q1 ^ r1);
  q[2] = q1 ^ r1 ^ r2 ^ half(q2 ^ r2);
  q[3] = q2 ^ r2 ^ q7 ^ r7 ^ r3 ^ half(q3 ^ r3);
  q[4] = q3 ^ r3 ^ q7 ^ r7 ^ r4 ^ half(q4 ^ r4);
  q[5] = q4 ^ r4 ^ r5 ^ half(q5 ^ r5);
  q[6] = q5 ^ r5 ^ r6 ^ half(q6 ^ r6);
  q[7] = q6 ^ r6 ^ r7 ^ half(q7 ^ r7);
}

type Eight = readonly [number, number, number, number, number, number, number, number];

function half(x: number): number {
  return (x << 16) | (x >>> 16);
}

/** The S-box on every byte: the circuit's top linear layer, its inversion in GF(2^4), its bottom linear layer. */
function subBytes(q: Planes): void {
  const [x7, x6, x5, x4, x3, x2, x1, x0] = q as unknown as Eight;
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
  const t33 = ((t22 ^ t26) & (t23 ^ t24)) ^ t24;
  const t36 = t24 & (t27 ^ t33);
  const t37 = t36 ^ t23 ^ t33;
  const t40 = t25 ^ (t29 & (t27 ^ t36));
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
  q[7] = t59 ^ t63;
  q[1] = z12 ^ t48 ^ ~t62;
  q[0] = t48 ^ ~(t46 ^ t57);
  q[4] = s3;
  q[3] = z2 ^ z5 ^ t66;
  q[2] = z10 ^ (t33 & y4) ^ t65;
  q[6] = t64 ^ ~s3;
  q[5] = z16 ^ (t41 & y8) ^ ~(t64 ^ t65);
}
