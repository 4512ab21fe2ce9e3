/** Welch's t over two classes of timings, as in Reparaz et al., "dude, is my code constant time?" (DATE 2017). */

/** What one comparison of two classes says; times are nanoseconds. */
export interface Welch {
  readonly t: number;
  /** Mean of the first class less that of the second. */
  readonly difference: number;
  /** 95 % confidence interval of the difference, by the normal distribution: the classes are large. */
  readonly interval: readonly [number, number];
  readonly counts: readonly [number, number];
}

/**
 * Compares the samples that are not above `limit`.
 *
 * @param times    nanoseconds, one a sample
 * @param classes  0 or 1, one a sample
 * @param limit    samples above it are left out: interrupts lengthen a call and hide small differences
 */
export function welch(times: Float64Array, classes: Uint8Array, limit: number): Welch {
  const count = [0, 0] as [number, number];
  const mean = [0, 0] as [number, number];
  const squares = [0, 0] as [number, number];
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    if (time > limit) continue;
    const which = classes[i] as 0 | 1;
    count[which]++;
    const delta = time - mean[which];
    mean[which] += delta / count[which];
    squares[which] += delta * (time - mean[which]);
  }
  const variance = (which: 0 | 1) => squares[which] / (count[which] - 1) / count[which];
  const error = Math.sqrt(variance(0) + variance(1));
  const difference = mean[0] - mean[1];
  return {
    t: difference / error,
    difference,
    interval: [difference - 1.96 * error, difference + 1.96 * error],
    counts: count,
  };
}

/** Dudect's croppings: percentiles 1 − 0.5^(10 k / n), densest near the top, and the whole. */
export function cropLimits(times: Float64Array, number: number = 20): readonly number[] {
  const sorted = times.slice().sort();
  const limits = Array.from({ length: number }, (_, k) => {
    const rank = Math.floor((1 - 0.5 ** ((10 * (k + 1)) / number)) * sorted.length);
    return sorted[Math.min(rank, sorted.length - 1)] as number;
  });
  return [...limits, Number.POSITIVE_INFINITY];
}
