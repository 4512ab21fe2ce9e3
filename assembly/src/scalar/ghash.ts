/**
 * GHASH (NIST SP 800-38D §6.4) on 64-bit integers: multiplication without carries through holes.
 *
 * Where only every fourth bit of two factors is set, a sum of at most 16 products of bits stands at every fourth bit of an
 * ordinary product: it carries into the hole above and no further, and its lowest bit is the sum without carries. Factors
 * are therefore split in four, and the upper half of a product is the lower half of that of the reversed factors. The
 * method is that of T. Pornin's `ghash_ctmul64` in BearSSL ("Constant-Time Mul" and "GHASH" on bearssl.org). It stands on
 * the multiplication of 64-bit integers taking the same time for all operands, as it does on 64-bit processors of today.
 */
import { CONTEXT_SUBKEY } from "../memory-map";

const HOLES0: u64 = 0x1111111111111111;
const HOLES1: u64 = 0x2222222222222222;
const HOLES2: u64 = 0x4444444444444444;
const HOLES3: u64 = 0x8888888888888888;

/** Lower 64 bits of the product without carries. */
// @ts-ignore: decorator
@inline
function multiplyLow(x: u64, y: u64): u64 {
  const x0 = x & HOLES0;
  const x1 = x & HOLES1;
  const x2 = x & HOLES2;
  const x3 = x & HOLES3;
  const y0 = y & HOLES0;
  const y1 = y & HOLES1;
  const y2 = y & HOLES2;
  const y3 = y & HOLES3;
  return (
    ((x0 * y0 ^ x1 * y3 ^ x2 * y2 ^ x3 * y1) & HOLES0) |
    ((x0 * y1 ^ x1 * y0 ^ x2 * y3 ^ x3 * y2) & HOLES1) |
    ((x0 * y2 ^ x1 * y1 ^ x2 * y0 ^ x3 * y3) & HOLES2) |
    ((x0 * y3 ^ x1 * y2 ^ x2 * y1 ^ x3 * y0) & HOLES3)
  );
}

// @ts-ignore: decorator
@inline
function reverseBits(x: u64): u64 {
  x = ((x & 0x5555555555555555) << 1) | ((x >> 1) & 0x5555555555555555);
  x = ((x & 0x3333333333333333) << 2) | ((x >> 2) & 0x3333333333333333);
  x = ((x & 0x0f0f0f0f0f0f0f0f) << 4) | ((x >> 4) & 0x0f0f0f0f0f0f0f0f);
  return bswap<u64>(x);
}

/** Hashes whole blocks into the 16 bytes at `hash`. */
export function hashBlocks(context: usize, hash: usize, blocks: usize, count: u32): void {
  const h1 = bswap<u64>(load<u64>(context + CONTEXT_SUBKEY));
  const h0 = bswap<u64>(load<u64>(context + CONTEXT_SUBKEY, 8));
  const h0Reversed = reverseBits(h0);
  const h1Reversed = reverseBits(h1);
  let y1 = bswap<u64>(load<u64>(hash));
  let y0 = bswap<u64>(load<u64>(hash, 8));
  for (; count > 0; count--) {
    y1 ^= bswap<u64>(load<u64>(blocks));
    y0 ^= bswap<u64>(load<u64>(blocks, 8));
    blocks += 16;
    const y0Reversed = reverseBits(y0);
    const y1Reversed = reverseBits(y1);
    // Karatsuba: lower, upper and middle product, each in two halves.
    const lower = multiplyLow(y0, h0);
    const upper = multiplyLow(y1, h1);
    const middle = multiplyLow(y0 ^ y1, h0 ^ h1) ^ lower ^ upper;
    const lowerReversed = multiplyLow(y0Reversed, h0Reversed);
    const upperReversed = multiplyLow(y1Reversed, h1Reversed);
    const middleReversed =
      multiplyLow(y0Reversed ^ y1Reversed, h0Reversed ^ h1Reversed) ^ lowerReversed ^ upperReversed;
    let v0 = lower;
    let v1 = (reverseBits(lowerReversed) >> 1) ^ middle;
    let v2 = upper ^ (reverseBits(middleReversed) >> 1);
    let v3 = reverseBits(upperReversed) >> 1;
    // GHASH counts its bits from the other end, so that the 255 bits of a product begin one place further up.
    v3 = (v3 << 1) | (v2 >> 63);
    v2 = (v2 << 1) | (v1 >> 63);
    v1 = (v1 << 1) | (v0 >> 63);
    v0 <<= 1;
    // Modulo 1 + x + x² + x⁷ + x¹²⁸.
    v2 ^= v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7);
    v1 ^= (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
    v3 ^= v1 ^ (v1 >> 1) ^ (v1 >> 2) ^ (v1 >> 7);
    v2 ^= (v1 << 63) ^ (v1 << 62) ^ (v1 << 57);
    y0 = v2;
    y1 = v3;
  }
  store<u64>(hash, bswap<u64>(y1));
  store<u64>(hash, bswap<u64>(y0), 8);
}
