import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesPattern, parsePattern } from "./pattern.ts";

const syntax = { wildcards: true, variables: true };
const values = new Map([
  ["aws:username", "ada"],
  ["aws:principaltag/team", "*"],
]);
const lookup = (key: string) => values.get(key);
const fits = (pattern: string, text: string) => matchesPattern(parsePattern(pattern, syntax), text, lookup);

test.each<[string, string, boolean | undefined]>([
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["a*", "a", true],
  ["a*b", "ab", true],
  ["a*b", "abc", false],
  ["a*a", "a", false],
  ["*ab*ab", "abab", true],
  ["*ab*ab", "ab", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["*?", "", false],
  ["?*?", "ab", true],
  ["*b?d*", "abbcd", true],
  ["kms:Gen*Key", "kms:GenerateDataKey", true],
  ["user/${aws:username}/*", "user/ada/x", true],
  ["user/${aws:UserName}", "user/ada", true],
  ["user/${aws:username}", "user/bob", false],
  ["${aws:PrincipalTag/team}", "*", true],
  ["${aws:PrincipalTag/team}", "anything", false],
  ["${aws:userid}", "x", undefined],
  ["${aws:userid, 'nobody'}", "nobody", true],
  ["${aws:userid, 'it''s'}", "it's", true],
  ["${*}${?}${$}", "*?$", true],
  ["${*}", "a", false],
  ["$x{", "$x{", true],
])("%s against %s: %s", (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});

test("space in a variable, however much, is read once", () => {
  expect(fits("${aws:userid \t , 'nobody'}", "nobody")).toBe(true);
  const endless = `\${${" ".repeat(200_000)}`;
  expect(fits(endless, endless)).toBe(true);
});

test("without variables, and without wildcards, their characters are themselves", () => {
  const literal = parsePattern("${aws:username}*", { wildcards: false, variables: false });
  expect(matchesPattern(literal, "${aws:username}*", lookup)).toBe(true);
  expect(matchesPattern(literal, "ada", lookup)).toBe(false);
});

test("a pattern fits what the regular expression fits that says the same", () => {
  const characters = fc.constantFrom("a", "b", "*", "?");
  const pattern = fc.array(characters, { maxLength: 12 }).map((all) => all.join(""));
  const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 14 }).map((all) => all.join(""));
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const expression = new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
      expect(fits(source, subject)).toBe(expression.test(subject));
    }),
    { numRuns: 5000 },
  );
});
