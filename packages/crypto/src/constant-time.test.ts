import * as fc from "fast-check";
import { expect, test } from "vitest";
import { equalConstantTime } from "./constant-time.ts";

test("two byte strings are equal exactly when every byte is", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
      expect(equalConstantTime(left, right)).toBe(Buffer.compare(left, right) === 0);
      expect(equalConstantTime(left, left.slice())).toBe(true);
    }),
  );
});
