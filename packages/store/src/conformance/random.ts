/**
 * Random choices that a seed repeats: the suite must run anywhere, so it brings its own generator (mulberry32, 32 bits of
 * state; good enough to choose tests by, and for nothing else).
 */

export interface Random {
  /** An integer of 0 ≤ n < `bound`. */
  below(bound: number): number;
  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly T[]): T;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    pick: <T>(choices: readonly T[]): T => choices[below(choices.length)] as T,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}
