import { expect, test } from "vitest";
import { killRepeatedly } from "./kills.ts";

test("a server that is killed at random moments of 500 changes loses nothing acknowledged and does nothing by half", async () => {
  const { calls, kills } = await killRepeatedly(20261124, 500);
  expect(calls).toBeGreaterThanOrEqual(500);
  expect(kills).toBeGreaterThan(3);
}, 300_000);
