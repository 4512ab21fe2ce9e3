import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalEncryptionContext } from "./encryption-context.ts";

/** Reads the serialization back. */
function parse(bytes: Uint8Array): [string, string][] {
  if (bytes.length === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let offset = 2;
  const text = (): string => {
    const length = view.getUint16(offset);
    offset += 2 + length;
    return decoder.decode(bytes.subarray(offset - length, offset));
  };
  const pairs = Array.from({ length: view.getUint16(0) }, (): [string, string] => [text(), text()]);
  expect(offset).toBe(bytes.length);
  return pairs;
}

const contexts = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), {
  noNullPrototype: true,
});

describe("the canonical encryption context", () => {
  test("holds every pair, sorted by the bytes of its key, whatever the order of the object", () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const pairs = parse(canonicalEncryptionContext(context));
        expect(new Map(pairs)).toEqual(new Map(Object.entries(context)));
        const keys = pairs.map(([key]) => Buffer.from(key));
        for (const [index, key] of keys.entries()) {
          if (index > 0) expect(Buffer.compare(keys[index - 1] ?? key, key)).toBeLessThan(0);
        }
        const reversed = Object.fromEntries(Object.entries(context).reverse());
        expect(canonicalEncryptionContext(reversed)).toEqual(canonicalEncryptionContext(context));
      }),
    );
  });

  test("is the AWS Encryption SDK's serialization", () => {
    const bytes = canonicalEncryptionContext({ "key 2": "b", "key 1": "a" });
    const expected = "\0\x02\0\x05key 1\0\x01a\0\x05key 2\0\x01b";
    expect(Buffer.from(bytes).toString("latin1")).toBe(expected);
  });

  test("sorts by UTF-8 and not by UTF-16", () => {
    // U+FF5E is 0xEF… in UTF-8, U+1F600 0xF0…; in UTF-16 the latter begins with 0xD83D and would come first.
    expect(parse(canonicalEncryptionContext({ "😀": "1", "～": "2" })).map(([key]) => key)).toEqual([
      "～",
      "😀",
    ]);
  });

  test("is empty for none and for an empty one", () => {
    expect(canonicalEncryptionContext(undefined)).toHaveLength(0);
    expect(canonicalEncryptionContext({})).toHaveLength(0);
  });

  test("normalizes nothing", () => {
    const composed = canonicalEncryptionContext({ é: "" });
    const decomposed = canonicalEncryptionContext({ "e\u0301": "" });
    expect(composed).not.toEqual(decomposed);
  });

  test.each(["\ud83d", "a\ude00", "\ude00\ud83d"])("refuses half a surrogate pair: %j", (text) => {
    const malformed = expect.objectContaining({ code: "Malformed" });
    expect(() => canonicalEncryptionContext({ [text]: "" })).toThrow(malformed);
    expect(() => canonicalEncryptionContext({ key: text })).toThrow(malformed);
  });

  test("refuses what 16 bits can't count", () => {
    const malformed = expect.objectContaining({ code: "Malformed" });
    expect(() => canonicalEncryptionContext({ key: "x".repeat(65_536) })).toThrow(malformed);
    expect(canonicalEncryptionContext({ key: "x".repeat(65_535) })).toHaveLength(2 + 5 + 2 + 65_535);
  });
});
