import { expect, test } from "vitest";
import { cropLimits, welch } from "./welch.ts";

test("Welch's t, by hand", () => {
  // Means 2 and 5, sample variances 1 and 4, three samples each: −3 / √(1/3 + 4/3).
  const result = welch(
    Float64Array.of(1, 3, 2, 5, 3, 7),
    Uint8Array.of(0, 1, 0, 1, 0, 1),
    Number.POSITIVE_INFINITY,
  );
  const right = welch(
    Float64Array.of(1, 2, 3, 3, 5, 7),
    Uint8Array.of(0, 0, 0, 1, 1, 1),
    Number.POSITIVE_INFINITY,
  );
  expect(right.difference).toBeCloseTo(-3, 12);
  expect(right.t).toBeCloseTo(-3 / Math.sqrt(5 / 3), 12);
  expect(result.counts).toEqual([3, 3]);
});

test("samples above the limit are left out", () => {
  expect(welch(Float64Array.of(1, 2, 900, 1, 2), Uint8Array.of(0, 0, 0, 1, 1), 10).counts).toEqual([2, 2]);
});

test("croppings rise and end with everything", () => {
  const limits = cropLimits(Float64Array.from({ length: 1000 }, (_, i) => i));
  expect(limits).toEqual([...limits].sort((a, b) => a - b));
  expect(limits.at(-1)).toBe(Number.POSITIVE_INFINITY);
});
