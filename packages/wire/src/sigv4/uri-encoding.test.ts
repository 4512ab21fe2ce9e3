import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalPath } from "./canonical-path.ts";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";
import { decodePercent, encodeBytes, encodeUriComponentStrictly } from "./uri-encoding.ts";

it("decoding undoes encoding, for all bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodePercent(encodeBytes(bytes))).toEqual(bytes);
    }),
  );
});

it("encoding agrees with encodeURIComponent, but for the five characters that it leaves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const expected = encodeURIComponent(text).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      expect(encodeUriComponentStrictly(text)).toBe(expected);
    }),
  );
});

it.each(["%", "%4", "%4g", "%e1", "%%41"])("%s is not percent-encoding", (text) => {
  expect(decodePercent(text)).toBeUndefined();
});

it("normalizing a path twice is normalizing it once", () => {
  const paths = fc.stringMatching(/^\/[a./]{0,12}$/);
  fc.assert(
    fc.property(paths, (path) => {
      expect(canonicalPath(canonicalPath(path))).toBe(canonicalPath(path));
    }),
  );
});

it("a timestamp is read back as it was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      expect(parseTimestamp(formatTimestamp(seconds * 1_000))).toBe(seconds * 1_000);
    }),
  );
});
