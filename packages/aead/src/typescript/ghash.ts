/**
 * GHASH (NIST SP 800-38D §6.4) without tables indexed by secrets.
 *
 * Polynomials over GF(2) are multiplied with ordinary integer multiplication: every fourth bit of an operand is kept
 * and the others are holes, so that up to eight terms add up in four bits without disturbing the next one. The upper
 * half of a product, which a 32-bit multiplication drops, comes from the product of the bit-reversed operands.
 * Method and arrangement after Pornin, BearSSL, "ghash_ctmul32". Multiplying takes the same time for all operands on
 * processors with a hardware multiplier of fixed latency, which every current one with a JavaScript engine has.
 */

/** H prepared: for each of the 18 partial products the four hole patterns of its factor. */
export type GhashKey = Int32Array;

/** Prepares the hash subkey H, 16 bytes. */
export function ghashKey(subkey: Uint8Array): GhashKey {
  const view = new DataView(subkey.buffer, subkey.byteOffset, 16);
  const factors = new Int32Array(18);
  partialFactors(factors, view.getInt32(12), view.getInt32(8), view.getInt32(4), view.getInt32(0));
  const key = new Int32Array(72);
  for (let i = 0; i < 18; i++) {
    for (let hole = 0; hole < 4; hole++) key[4 * i + hole] = (factors[i] as number) & (0x11111111 << hole);
  }
  factors.fill(0);
  return key;
}

/** The running hash of one message. */
export interface GhashState {
  /** Y, four words, least significant (last four bytes) first. */
  readonly y: Int32Array;
  readonly factors: Int32Array;
  readonly products: Int32Array;
}

export function ghashState(): GhashState {
  return { y: new Int32Array(4), factors: new Int32Array(18), products: new Int32Array(18) };
}

/** Hashes `length` bytes, the last block filled up with zeros. */
export function ghashUpdate(
  key: GhashKey,
  state: GhashState,
  data: Uint8Array,
  offset: number,
  length: number,
): void {
  const { y } = state;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = offset;
  for (const end = offset + (length & ~15); at < end; at += 16) {
    y[3] = (y[3] as number) ^ view.getInt32(at);
    y[2] = (y[2] as number) ^ view.getInt32(at + 4);
    y[1] = (y[1] as number) ^ view.getInt32(at + 8);
    y[0] = (y[0] as number) ^ view.getInt32(at + 12);
    multiply(key, state);
  }
  const rest = length & 15;
  if (rest === 0) return;
  for (let i = 0; i < rest; i++) {
    y[3 - (i >>> 2)] = (y[3 - (i >>> 2)] as number) ^ ((data[at + i] as number) << (24 - 8 * (i & 3)));
  }
  multiply(key, state);
}

/** Hashes the last block: the two lengths in bits (§6.4, "len(A) ‖ len(C)"). */
export function ghashLengths(key: GhashKey, state: GhashState, aadBytes: number, textBytes: number): void {
  const { y } = state;
  y[3] = (y[3] as number) ^ Math.floor(aadBytes / 2 ** 29);
  y[2] = (y[2] as number) ^ (aadBytes << 3);
  y[1] = (y[1] as number) ^ Math.floor(textBytes / 2 ** 29);
  y[0] = (y[0] as number) ^ (textBytes << 3);
  multiply(key, state);
}

/** Writes Y, 16 bytes. */
export function ghashResult(state: GhashState, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, 16);
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, state.y[3 - i] as number);
}

/** The operand's words, their Karatsuba sums over two levels, and the same of the bit-reversed words. */
function partialFactors(f: Int32Array, w0: number, w1: number, w2: number, w3: number): void {
  const v0 = reverseBits(w0);
  const v1 = reverseBits(w1);
  const v2 = reverseBits(w2);
  const v3 = reverseBits(w3);
  f[0] = w0;
  f[1] = w1;
  f[2] = w2;
  f[3] = w3;
  f[4] = w0 ^ w1;
  f[5] = w2 ^ w3;
  f[6] = w0 ^ w2;
  f[7] = w1 ^ w3;
  f[8] = w0 ^ w1 ^ w2 ^ w3;
  f[9] = v0;
  f[10] = v1;
  f[11] = v2;
  f[12] = v3;
  f[13] = v0 ^ v1;
  f[14] = v2 ^ v3;
  f[15] = v0 ^ v2;
  f[16] = v1 ^ v3;
  f[17] = v0 ^ v1 ^ v2 ^ v3;
}

/** Y · H, reduced modulo x¹²⁸ + x⁷ + x² + x + 1. */
function multiply(key: GhashKey, state: GhashState): void {
  const { y, factors, products: c } = state;
  partialFactors(factors, y[0] as number, y[1] as number, y[2] as number, y[3] as number);
  for (let i = 0; i < 18; i++) {
    const factor = factors[i] as number;
    const x0 = factor & 0x11111111;
    const x1 = factor & 0x22222222;
    const x2 = factor & 0x44444444;
    const x3 = factor & 0x88888888;
    const h0 = key[4 * i] as number;
    const h1 = key[4 * i + 1] as number;
    const h2 = key[4 * i + 2] as number;
    const h3 = key[4 * i + 3] as number;
    c[i] =
      ((Math.imul(x0, h0) ^ Math.imul(x1, h3) ^ Math.imul(x2, h2) ^ Math.imul(x3, h1)) & 0x11111111) |
      ((Math.imul(x0, h1) ^ Math.imul(x1, h0) ^ Math.imul(x2, h3) ^ Math.imul(x3, h2)) & 0x22222222) |
      ((Math.imul(x0, h2) ^ Math.imul(x1, h1) ^ Math.imul(x2, h0) ^ Math.imul(x3, h3)) & 0x44444444) |
      ((Math.imul(x0, h3) ^ Math.imul(x1, h2) ^ Math.imul(x2, h1) ^ Math.imul(x3, h0)) & 0x88888888);
  }
  const c0 = c[0] as number;
  const c1 = c[1] as number;
  const c2 = c[2] as number;
  const c3 = c[3] as number;
  const c4 = c0 ^ c1 ^ (c[4] as number);
  const c5 = c2 ^ c3 ^ (c[5] as number);
  const c6 = c[6] as number;
  const c7 = c[7] as number;
  const c8 = c6 ^ c7 ^ (c[8] as number);
  const d0 = c[9] as number;
  const d1 = c[10] as number;
  const d2 = c[11] as number;
  const d3 = c[12] as number;
  const d4 = d0 ^ d1 ^ (c[13] as number);
  const d5 = d2 ^ d3 ^ (c[14] as number);
  const d6 = c[15] as number;
  const d7 = c[16] as number;
  const d8 = d6 ^ d7 ^ (c[17] as number);

  const z0 = c0;
  const z1 = c4 ^ (reverseBits(d0) >>> 1);
  const z2 = c1 ^ c0 ^ c2 ^ c6 ^ (reverseBits(d4) >>> 1);
  const z3 = c4 ^ c5 ^ c8 ^ (reverseBits(d1 ^ d0 ^ d2 ^ d6) >>> 1);
  const z4 = c2 ^ c1 ^ c3 ^ c7 ^ (reverseBits(d4 ^ d5 ^ d8) >>> 1);
  const z5 = c5 ^ (reverseBits(d2 ^ d1 ^ d3 ^ d7) >>> 1);
  const z6 = c3 ^ (reverseBits(d5) >>> 1);
  const z7 = reverseBits(d3) >>> 1;

  // GHASH numbers bits from the other end, which leaves the product one place short: shift left by one.
  const low0 = z0 << 1;
  const low1 = (z1 << 1) | (z0 >>> 31);
  const low2 = (z2 << 1) | (z1 >>> 31);
  // Each low word is worth itself four words up, times 1 + x + x² + x⁷; the part that falls below goes three words up.
  const low3 = ((z3 << 1) | (z2 >>> 31)) ^ foldDown(low0);
  y[0] = ((z4 << 1) | (z3 >>> 31)) ^ foldUp(low0) ^ foldDown(low1);
  y[1] = ((z5 << 1) | (z4 >>> 31)) ^ foldUp(low1) ^ foldDown(low2);
  y[2] = ((z6 << 1) | (z5 >>> 31)) ^ foldUp(low2) ^ foldDown(low3);
  y[3] = ((z7 << 1) | (z6 >>> 31)) ^ foldUp(low3);
}

function foldUp(low: number): number {
  return low ^ (low >>> 1) ^ (low >>> 2) ^ (low >>> 7);
}

function foldDown(low: number): number {
  return (low << 31) ^ (low << 30) ^ (low << 25);
}

function reverseBits(word: number): number {
  let x = ((word & 0x55555555) << 1) | ((word >>> 1) & 0x55555555);
  x = ((x & 0x33333333) << 2) | ((x >>> 2) & 0x33333333);
  x = ((x & 0x0f0f0f0f) << 4) | ((x >>> 4) & 0x0f0f0f0f);
  x = ((x & 0x00ff00ff) << 8) | ((x >>> 8) & 0x00ff00ff);
  return (x << 16) | (x >>> 16);
}
