import { expect, test } from "vitest";
import { createReplayGuard } from "./replay-guard.ts";

const MINUTE = 60_000;

test("a signature is new once, until it has ended", () => {
  let now = 10 * MINUTE;
  const isNew = createReplayGuard(() => now);
  expect(isNew("a", now + 5 * MINUTE)).toBe(true);
  expect(isNew("b", now + 5 * MINUTE)).toBe(true);
  expect(isNew("a", now + 5 * MINUTE)).toBe(false);
  now += 5 * MINUTE;
  expect(isNew("a", 15 * MINUTE)).toBe(false);
  now += MINUTE;
  expect(isNew("b", 20 * MINUTE)).toBe(true);
  expect(isNew("a", 15 * MINUTE)).toBe(true);
});

test("presigned requests are remembered for as long as they hold", () => {
  let now = 0;
  const isNew = createReplayGuard(() => now);
  expect(isNew("presigned", 600 * MINUTE)).toBe(true);
  for (; now <= 600 * MINUTE; now += 7 * MINUTE) {
    expect(isNew(`other ${now}`, now + 5 * MINUTE)).toBe(true);
    expect(isNew("presigned", 600 * MINUTE)).toBe(false);
  }
});
