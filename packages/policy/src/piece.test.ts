import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { matchesPattern, parsePattern } from "./pattern.ts";
import { findPiece, fitsAt, type Piece } from "./piece.ts";

const pieceOf = (text: string): Piece => ({
  text,
  wild: new Set([...text].flatMap((character, index) => (character === "?" ? [index] : []))),
});

test.each<[string, string, number, number, number | undefined]>([
  ["ab", "xabab", 0, 5, 1],
  ["ab", "xabab", 2, 5, 3],
  ["ab", "xabab", 2, 4, undefined],
  ["a?b", "aabacb", 0, 6, 0],
  ["a?b", "aabacb", 1, 6, 3],
  ["a?b", "aabacb", 1, 5, undefined],
  ["??", "ab", 0, 2, 0],
  ["??", "ab", 1, 2, undefined],
  [`a?${"b".repeat(40)}`, `ca${"b".repeat(41)}`, 0, 43, 1],
  [`?${"b".repeat(31)}`, `${"b".repeat(30)}c${"b".repeat(31)}`, 0, 62, 30],
])("%s in %s from %i to %i: %s", (piece, text, from, end, found) => {
  expect(findPiece(pieceOf(piece), text, from, end)).toBe(found);
});

test("a piece is found where it first fits", () => {
  const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 90 }).map((all) => all.join(""));
  const piece = fc
    .array(fc.constantFrom("a", "b", "?"), { minLength: 1, maxLength: 70 })
    .map((all) => all.join(""));
  fc.assert(
    fc.property(piece, text, text, fc.nat(5), fc.nat(5), (source, before, after, from, less) => {
      const one = pieceOf(source);
      const subject = before + source.replaceAll("?", "b") + after;
      const end = subject.length - less;
      const places = Array.from({ length: Math.max(0, end - source.length + 1) }, (_, at) => at);
      const first = places.find((at) => at >= from && fitsAt(one, subject, at));
      expect(findPiece(one, subject, from, end)).toBe(first);
    }),
    { numRuns: 1000 },
  );
});

afterEach(() => vi.restoreAllMocks());

/** Characters that matching reads by itself: those that the platform's search reads are not counted. */
function stepsOf(pattern: string, text: string): number {
  const parsed = parsePattern(pattern, { wildcards: true, variables: false });
  // Parsing once is not matching: a first match fills in what is kept.
  matchesPattern(parsed, text, () => undefined);
  const reads = vi.spyOn(String.prototype, "charCodeAt");
  const searches = vi.spyOn(String.prototype, "indexOf");
  matchesPattern(parsed, text, () => undefined);
  const steps = reads.mock.calls.length + searches.mock.calls.length;
  vi.restoreAllMocks();
  return steps;
}

test.each([
  ["?", "a?".repeat(40)],
  ["every other letter", `*${"a?".repeat(30)}b*`],
  ["many pieces", `${"*a?a".repeat(60)}b`],
  ["a piece that nearly fits everywhere", `*${"a".repeat(30)}?b*`],
  ["single letters", `${"*a".repeat(100)}*b`],
  ["question marks between stars", `${"*?".repeat(100)}b`],
])("matching reads each character of the text a bounded number of times: %s", (_, pattern) => {
  const steps = [1_000, 2_000, 4_000].map((length) => stepsOf(pattern, "a".repeat(length)));
  for (const [index, length] of [1_000, 2_000, 4_000].entries())
    expect(steps[index]).toBeLessThanOrEqual(2 * length + pattern.length);
});
