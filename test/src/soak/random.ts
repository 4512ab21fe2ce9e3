/**
 * Replayable random numbers: xoshiro128** (Blackman and Vigna, 2018), seeded by splitmix32. Not for keys.
 *
 * Each number of a run has a state of its own, made of the run's 64-bit seed and the number.
 */
export interface Random {
  /** An integer from 0 up to, not including, `limit`; `limit` at most 2^32. */
  readonly below: (limit: number) => number;
  readonly bytes: (length: number) => Uint8Array<ArrayBuffer>;
}

const STEPS_UNTIL_MIXED = 16;

export function randomFrom(seed: bigint, number: number): Random {
  let mix = 0;
  const scrambled = () => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const absorbed = (word: number) => {
    mix = (mix ^ word) >>> 0;
    return scrambled();
  };
  let a = absorbed(Number(seed & 0xffffffffn));
  let b = absorbed(Number((seed >> 32n) & 0xffffffffn));
  let c = absorbed(number >>> 0);
  let d = absorbed(Math.floor(number / 2 ** 32));
  const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  // An output is made of one word of the state, and it takes some steps until each word depends on all four.
  for (let step = 0; step < STEPS_UNTIL_MIXED; step++) next();
  return {
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
    bytes: (length) => {
      const words = new Uint32Array((length + 3) >> 2);
      for (let i = 0; i < words.length; i++) words[i] = next();
      return new Uint8Array(words.buffer, 0, length);
    },
  };
}
