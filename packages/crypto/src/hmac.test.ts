import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  generateMac,
  HMAC_KEY_LENGTHS,
  type HmacKeySpec,
  MAC_ALGORITHMS,
  type MacAlgorithm,
  verifyMac,
} from "./hmac.ts";

const specs = Object.keys(HMAC_KEY_LENGTHS) as HmacKeySpec[];
const algorithm = fc.constantFrom<MacAlgorithm>(...specs.map((spec) => MAC_ALGORITHMS[spec]));
const key = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe("HMAC", () => {
  test("agrees with node:crypto for any key and message", () => {
    fc.assert(
      fc.property(algorithm, key, fc.uint8Array(), (name, secret, message) => {
        const theirs = createHmac(name.replace("HMAC_SHA_", "sha"), secret).update(message).digest();
        expect(generateMac(name, secret, message)).toEqual(new Uint8Array(theirs));
        expect(verifyMac(name, secret, message, new Uint8Array(theirs))).toBe(true);
      }),
    );
  });

  test("a tag with a flipped bit, or of another length, is refused", () => {
    fc.assert(
      fc.property(algorithm, key, fc.uint8Array(), fc.nat(), (name, secret, message, at) => {
        const tag = generateMac(name, secret, message);
        const flipped = tag.slice();
        const byte = at % tag.length;
        flipped[byte] = (flipped[byte] as number) ^ (1 << (at & 7));
        expect(verifyMac(name, secret, message, flipped)).toBe(false);
        expect(verifyMac(name, secret, message, tag.subarray(0, byte))).toBe(false);
      }),
    );
  });

  test.each(specs)("%s: the key that is generated is as long as the tag", (spec) => {
    const tag = generateMac(MAC_ALGORITHMS[spec], new Uint8Array(HMAC_KEY_LENGTHS[spec]), Uint8Array.of());
    expect(tag).toHaveLength(HMAC_KEY_LENGTHS[spec]);
  });

  test("an empty key is refused", () => {
    expect(() => generateMac("HMAC_SHA_256", Uint8Array.of(), Uint8Array.of())).toThrow(
      /at least 1 byte, got 0/,
    );
  });
});
