import { describe, expect, test } from "vitest";
import { measure, measurement, median, speedup } from "./measure.ts";

describe("medians and ratios", () => {
  test("the median of an even number of values is the mean of the middle two", () => {
    expect(median([9, 1, 2, 4])).toBe(3);
    expect(median([5, 1, 100])).toBe(5);
  });

  test("a ratio is that of two medians, and can be recomputed from what is written", () => {
    const subject = { id: "x", bytes: 1000 };
    const found = [measurement(subject, "fast", 10), measurement(subject, "slow", 40)];
    expect(speedup(found, "fast", "slow")).toBe(4);
    expect(found[0]?.ops_per_s).toBe(1e8);
    expect(found[0]?.mb_per_s).toBe(100_000);
    expect(speedup(found, "fast", "absent")).toBeNaN();
  });

  test("every peer runs once a round, and the first of a round changes", async () => {
    const order: string[] = [];
    const peer = (engine: string, nanoseconds: number) => ({
      engine,
      sample: async () => {
        order.push(engine);
        return nanoseconds;
      },
    });
    const outcome = await measure({ id: "x", bytes: 1, rounds: 3 }, [peer("a", 10), peer("b", 30)]);
    expect(order).toEqual(["a", "b", "b", "a", "a", "b"]);
    expect(outcome.speedup("a", "b")).toBe(3);
  });

  test("a peer that throws fails the measurement", async () => {
    const run = () => {
      throw new Error("no");
    };
    await expect(
      measure({ id: "x", bytes: 1, rounds: 1, time: 5 }, [{ engine: "broken", run }]),
    ).rejects.toThrow("broken failed");
  });
});
