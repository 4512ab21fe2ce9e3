import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sm3 } from "./sm3.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("SM3", () => {
  test("the examples of GB/T 32905-2016, appendix A", () => {
    const text = (message: string) => hex(sm3(new TextEncoder().encode(message)));
    expect(text("abc")).toBe("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(text("abcd".repeat(16))).toBe("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
  });

  test("agrees with OpenSSL at every length around a block's end", () => {
    for (let length = 0; length < 200; length++) {
      const message = new Uint8Array(length).fill(length);
      expect(hex(sm3(message))).toBe(createHash("sm3").update(message).digest("hex"));
    }
  });

  test("agrees with OpenSSL on any message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (message) => {
        expect(hex(sm3(message))).toBe(createHash("sm3").update(message).digest("hex"));
      }),
    );
  });
});
