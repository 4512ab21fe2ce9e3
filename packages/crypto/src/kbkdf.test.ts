import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HmacSha256Key } from "./hmac-key.ts";
import { fixedInputData, kbkdfCounter } from "./kbkdf.ts";

/** The standard's loop, written as it reads there. */
function naiveKbkdf(key: Uint8Array, fixedInput: Uint8Array, length: number): Uint8Array {
  let output = Buffer.alloc(0);
  for (let i = 1; output.length < length; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    const block = createHmac("sha256", key).update(counter).update(fixedInput).digest();
    output = Buffer.concat([output, block]);
  }
  return new Uint8Array(output.subarray(0, length));
}

describe("SP 800-108 in counter mode", () => {
  test("agrees with the standard's own loop for any key, input and length", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 1, max: 200 }), (key, input, length) => {
        expect(kbkdfCounter(new HmacSha256Key(key), input, length)).toEqual(naiveKbkdf(key, input, length));
      }),
    );
  });

  test("one prepared key derives the same twice, so deriving leaves it untouched", () => {
    const key = new HmacSha256Key(new Uint8Array(32).fill(7));
    const input = Uint8Array.of(1, 2, 3);
    expect(kbkdfCounter(key, input, 76)).toEqual(kbkdfCounter(key, input, 76));
  });

  test("a destroyed key derives nothing", () => {
    const key = new HmacSha256Key(new Uint8Array(32).fill(7));
    key.destroy();
    expect(() => kbkdfCounter(key, Uint8Array.of(1), 32)).toThrow();
  });

  test("refuses lengths that its counter can't reach", () => {
    const key = new HmacSha256Key(Uint8Array.of(1));
    expect(() => kbkdfCounter(key, Uint8Array.of(), 0)).toThrow(RangeError);
    expect(() => kbkdfCounter(key, Uint8Array.of(), 32 * 256, 8)).toThrow(RangeError);
    expect(kbkdfCounter(key, Uint8Array.of(), 32 * 255, 8)).toHaveLength(8160);
  });

  test("fixed input data is label, zero, context and length in bits", () => {
    expect(fixedInputData("ab", Uint8Array.of(9), 76)).toEqual(Uint8Array.of(97, 98, 0, 9, 0, 0, 2, 96));
  });
});
