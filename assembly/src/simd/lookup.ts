/** The one instruction all of the SIMD kernels stand on: sixteen bytes of a table by sixteen indices. */

/**
 * `table[index]` for each byte; 0 where the index is 128 or more. Indices 16 to 127 must not occur: there relaxed SIMD
 * leaves the result to the processor, which is what saves it an instruction.
 */
// @ts-ignore: decorator
@inline
export function lookup(table: v128, index: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, index) : i8x16.swizzle(table, index);
}
