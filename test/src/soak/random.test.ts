import { expect, test } from "vitest";
import { randomFrom } from "./random.ts";

test("the first draw differs from number to number, and from seed to seed", () => {
  const counts = (draw: (index: number) => number) => {
    const found = [0, 0, 0];
    for (let index = 0; index < 3000; index++) found[draw(index)] = (found[draw(index)] ?? 0) + 1;
    return found;
  };
  for (const found of [
    counts((index) => randomFrom(20261125n, index).below(3)),
    counts((index) => randomFrom(BigInt(index), 7).below(3)),
    counts((index) => randomFrom(BigInt(index) << 32n, 7).below(3)),
  ]) {
    // 1,000 each, with a standard deviation of 26.
    for (const count of found) expect(Math.abs(count - 1000)).toBeLessThan(200);
  }
});

test("the same seed and number draw the same", () => {
  const drawn = () => randomFrom(1n, 2).bytes(64);
  expect(drawn()).toEqual(drawn());
});
