/** The SIMD module is the relaxed-SIMD module with other byte permutations, so that only one of the two has to be shipped. */

/** `i8x16.relaxed_swizzle`, as compilers write it: the prefix 0xfd and 256 as LEB128. */
const RELAXED = [0xfd, 0x80, 0x02] as const;
/** `i8x16.swizzle` in as many bytes: 14 as LEB128 with a byte more than it needs, which the format allows (§5.2.2). */
const PLAIN = [0xfd, 0x8e, 0x00] as const;

/**
 * Puts `i8x16.swizzle` in place of every `i8x16.relaxed_swizzle`. For indices below 16 and from 128 on they are the same.
 *
 * The build sees to it that nothing else in the module looks like that instruction (`assembly/build.ts`).
 */
export function plainSwizzle(relaxed: Uint8Array): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(relaxed);
  for (let i = 0; i + 2 < plain.length; i++)
    if (RELAXED.every((byte, offset) => plain[i + offset] === byte)) plain.set(PLAIN, i);
  return plain;
}
