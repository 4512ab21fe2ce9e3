/** The one instruction all of the SIMD kernels stand on, sixteen bytes of a table by sixteen indices, and its indices. */

/**
 * `table[index]` for each byte; 0 where the index is 128 or more. Indices 16 to 127 must not occur: there relaxed SIMD
 * leaves the result to the processor, which is what saves it an instruction.
 */
// @ts-ignore: decorator
@inline
export function lookup(table: v128, index: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, index) : i8x16.swizzle(table, index);
}

/** 15 in every byte: load it once and hand it on, because engines make constants anew wherever they are used. */
export const LOW_NIBBLES: usize = memory.data<u8>([15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15]);

/** @param mask what LOW_NIBBLES holds */
// @ts-ignore: decorator
@inline
export function highNibbles(x: v128, mask: v128): v128 {
  return v128.and(i16x8.shr_u(x, 4), mask);
}

/** @param mask what LOW_NIBBLES holds */
// @ts-ignore: decorator
@inline
export function lowNibbles(x: v128, mask: v128): v128 {
  return v128.and(x, mask);
}
