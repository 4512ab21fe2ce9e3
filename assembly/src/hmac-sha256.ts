/**
 * SHA-256 (FIPS 180-4 §6.2), HMAC (FIPS 198-1) and the KDF in counter mode over it (NIST SP 800-108 §4.1): a module's exports.
 *
 * The host copies input to INPUT, calls, and copies the outcome from OUTPUT. Nothing here depends in time on what is hashed;
 * lengths are public. What is left behind is wiped by `wipe`.
 */

/** Bytes of input that one call takes at most: whole blocks. */
export const CAPACITY: u32 = 4096;
/** Input, with room for padding. */
export const INPUT: usize = memory.data(4096 + 128, 16);
/** A prepared HMAC key: the state after the inner padded key, then that after the outer one. */
export const PREPARED: usize = memory.data(64, 16);
/** Digest, tag, or up to 8 derived blocks. */
export const OUTPUT: usize = memory.data(8 * 32, 16);

const STATE: usize = memory.data(32, 16);
/** The block of the outer hash, and of a padded key. */
const OUTER: usize = memory.data(64, 16);
/** Words of the message schedule W (§6.2.2 step 1) with the constants K added: those of eight rounds. */
const SUMS: usize = memory.data(32, 16);
/** The initial hash value (§5.3.3). */
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
/** The constants K (§4.2.2). */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** Begins a digest. */
export function beginHash(): void {
  copy32(STATE, INITIAL);
}

/** Begins a tag under the key at PREPARED. */
export function beginMac(): void {
  copy32(STATE, PREPARED);
}

/** Takes `length` bytes of INPUT, whole blocks, that more will follow. */
export function absorb(length: u32): void {
  for (let at: usize = 0; at < <usize>length; at += 64) compress(INPUT + at);
}

/** Ends a digest of `total` bytes, of which the last `length` are in INPUT: 32 bytes at OUTPUT. */
export function finishHash(length: u32, total: u32): void {
  finish(INPUT, length, total, OUTPUT);
}

/** Ends a tag over `total` bytes, of which the last `length` are in INPUT: 32 bytes at OUTPUT. */
export function finishMac(length: u32, total: u32): void {
  finishTag(length, total, OUTPUT);
}

/** Prepares the key of `length` bytes, at most 64, in INPUT, and leaves it at PREPARED (FIPS 198-1 §4 steps 4 and 7). */
export function prepareKey(length: u32): void {
  for (let at: usize = length; at < 64; at++) store<u8>(INPUT + at, 0);
  absorbKey(PREPARED, 0x3636363636363636);
  absorbKey(PREPARED + 32, 0x5c5c5c5c5c5c5c5c);
}

/**
 * 1 to 8 tags, under the key at PREPARED, over INPUT: a 32-bit counter from 1 on and what stands behind it, `length` bytes in
 * all. They come to lie at OUTPUT one after another.
 */
export function deriveBlocks(length: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(INPUT, bswap(i + 1));
    beginMac();
    finishTag(length, length, OUTPUT + (i << 5));
  }
}

/** Wipes what the calls left, of INPUT its first `length` bytes and the padding behind them. */
export function wipe(length: u32): void {
  clear(INPUT, length + 72);
  clear(PREPARED, 64);
  clear(OUTPUT, 8 * 32);
  clear(STATE, 32);
  clear(OUTER, 64);
  clear(SUMS, 32);
}

function absorbKey(to: usize, pad: u64): void {
  for (let at: usize = 0; at < 64; at += 8) store<u64>(OUTER + at, load<u64>(INPUT + at) ^ pad);
  beginHash();
  compress(OUTER);
  copy32(to, STATE);
}

function finishTag(length: u32, total: u32, to: usize): void {
  finish(INPUT, length, 64 + total, OUTER);
  copy32(STATE, PREPARED + 32);
  finish(OUTER, 32, 64 + 32, to);
}

/** Pads (FIPS 180-4 §5.1.1) behind the `length` bytes at `input`, and writes the digest. */
function finish(input: usize, length: u32, total: u32, to: usize): void {
  const padded = (length + 9 + 63) & ~63;
  clear(input + length, padded - length);
  store<u8>(input + length, 0x80);
  store<u64>(input + padded - 8, bswap<u64>(<u64>total << 3));
  for (let at: usize = 0; at < <usize>padded; at += 64) compress(input + at);
  for (let at: usize = 0; at < 32; at += 4) store<u32>(to + at, bswap(load<u32>(STATE + at)));
}

function copy32(to: usize, from: usize): void {
  for (let at: usize = 0; at < 32; at += 8) store<u64>(to + at, load<u64>(from + at));
}

/** Sets at least `length` bytes to zero: whole eights of them. */
function clear(address: usize, length: u32): void {
  for (const end = address + length; address < end; address += 8) store<u64>(address, 0);
}

// @ts-ignore: decorator
@inline
function choose(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}

// @ts-ignore: decorator
@inline
function majority(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}

/** T1 of a round but for h (§6.2.2 step 3): Σ1, Ch, and K with W. */
// @ts-ignore: decorator
@inline
function first(e: u32, f: u32, g: u32, round: usize): u32 {
  return (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + choose(e, f, g) + load<u32>(SUMS + (round << 2));
}

/** T2 of a round: Σ0 and Maj. */
// @ts-ignore: decorator
@inline
function second(a: u32, b: u32, c: u32): u32 {
  return (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + majority(a, b, c);
}

/** Four words of the block. */
// @ts-ignore: decorator
@inline
function words(at: usize): v128 {
  return i8x16.swizzle(v128.load(at), i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

// @ts-ignore: decorator
@inline
function sigma0(x: v128): v128 {
  const rotated7 = v128.xor(i32x4.shr_u(x, 7), i32x4.shl(x, 25));
  const rotated18 = v128.xor(i32x4.shr_u(x, 18), i32x4.shl(x, 14));
  return v128.xor(v128.xor(rotated7, rotated18), i32x4.shr_u(x, 3));
}

// @ts-ignore: decorator
@inline
function sigma1(x: v128): v128 {
  const rotated17 = v128.xor(i32x4.shr_u(x, 17), i32x4.shl(x, 15));
  const rotated19 = v128.xor(i32x4.shr_u(x, 19), i32x4.shl(x, 13));
  return v128.xor(v128.xor(rotated17, rotated19), i32x4.shr_u(x, 10));
}

/**
 * Four words of the message schedule W from the sixteen before them (§6.2.2 step 1). The last two need the first two: σ1 of a zero
 * is zero, so each half can be added by itself.
 */
function schedule(w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const none = i32x4.splat(0);
  const sum = i32x4.add(
    i32x4.add(w0, sigma0(v128.shuffle<u32>(w0, w1, 1, 2, 3, 4))),
    v128.shuffle<u32>(w2, w3, 1, 2, 3, 4),
  );
  const half = i32x4.add(sum, sigma1(v128.shuffle<u32>(w3, none, 2, 3, 4, 5)));
  return i32x4.add(half, sigma1(v128.shuffle<u32>(none, half, 0, 1, 4, 5)));
}

/** Takes one block into STATE. */
function compress(block: usize): void {
  let w0 = words(block);
  let w1 = words(block + 16);
  let w2 = words(block + 32);
  let w3 = words(block + 48);
  let a = load<u32>(STATE);
  let b = load<u32>(STATE, 4);
  let c = load<u32>(STATE, 8);
  let d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16);
  let f = load<u32>(STATE, 20);
  let g = load<u32>(STATE, 24);
  let h = load<u32>(STATE, 28);
  // Eight rounds a turn, so that the eight variables change their roles and not their values.
  for (let at: usize = 0; at < 256; at += 32) {
    v128.store(SUMS, i32x4.add(w0, v128.load(K + at)));
    v128.store(SUMS + 16, i32x4.add(w1, v128.load(K + at, 16)));
    // Made beside the rounds, which wait for each other; nobody needs those of the last two turns.
    const w4 = schedule(w0, w1, w2, w3);
    const w5 = schedule(w1, w2, w3, w4);
    w0 = w2;
    w1 = w3;
    w2 = w4;
    w3 = w5;
    h += first(e, f, g, 0);
    d += h;
    h += second(a, b, c);
    g += first(d, e, f, 1);
    c += g;
    g += second(h, a, b);
    f += first(c, d, e, 2);
    b += f;
    f += second(g, h, a);
    e += first(b, c, d, 3);
    a += e;
    e += second(f, g, h);
    d += first(a, b, c, 4);
    h += d;
    d += second(e, f, g);
    c += first(h, a, b, 5);
    g += c;
    c += second(d, e, f);
    b += first(g, h, a, 6);
    f += b;
    b += second(c, d, e);
    a += first(f, g, h, 7);
    e += a;
    a += second(b, c, d);
  }
  store<u32>(STATE, load<u32>(STATE) + a);
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4);
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8);
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12);
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16);
  store<u32>(STATE, load<u32>(STATE, 20) + f, 20);
  store<u32>(STATE, load<u32>(STATE, 24) + g, 24);
  store<u32>(STATE, load<u32>(STATE, 28) + h, 28);
}
