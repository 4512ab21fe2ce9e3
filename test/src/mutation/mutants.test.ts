import { expect, test } from "vitest";
import { mutantsOf } from "./mutants.ts";

const faults = (source: string) =>
  mutantsOf(source).map(({ start, end, replacement }) => [source.slice(start, end), replacement]);

test.each<[string, string[][]]>([
  [
    "f(a === b);",
    [
      ["f(a === b);", ";"],
      ["a === b", "((a) !== (b))"],
    ],
  ],
  [
    "const a = b < 1;",
    [
      ["b < 1", "((b) <= (1))"],
      ["1", "2"],
    ],
  ],
  [
    "const a = !b && true;",
    [
      ["!b && true", "((!b) || (true))"],
      ["!b", "b"],
      ["true", "false"],
    ],
  ],
  [
    "const a = b ? [c] : [];",
    [
      ["b", "true"],
      ["b", "false"],
      ["[c]", "[]"],
    ],
  ],
  [
    "function f() { return 'x'; }",
    [
      ["return 'x';", "return undefined;"],
      ["'x'", '""'],
    ],
  ],
  ["import { a } from 'b'; throw new Error('c'); type D = 'e';", []],
])("the faults of %s", (source, expected) => {
  expect(faults(source)).toEqual(expected);
});
