import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SteppedClock } from "./clock.ts";

const STEP = 7_862_400_000;

test("each time belongs to the steps that were made before it, from the first moment after a step", () => {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-clock-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = new SteppedClock(join(folder, "clock"));
  const ahead = () => readFileSync(join(folder, "clock")).readDoubleLE();
  const times = [clock.now()];
  for (let step = 1; step <= 3; step++) {
    clock.step(STEP);
    expect(ahead()).toBe(step * STEP);
    // As another process reads it, before this one goes on.
    times.push((clock.steps.at(-1)?.before ?? 0) + STEP, clock.now());
  }
  expect(times.map((time) => clock.stepsBefore(time))).toEqual([0, 1, 1, 2, 2, 3, 3]);
});
