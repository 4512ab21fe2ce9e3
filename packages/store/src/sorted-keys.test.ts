import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedKeys } from "./sorted-keys.ts";

const key = fc.stringMatching(/^[a-d]{1,4}$/);

test("after any additions and removals, every range is that of a sorted array, both ways", () => {
  const change = fc.record({ add: fc.boolean(), key });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 2000, size: "max" }), key, key, (changes, start, end) => {
      const sorted = new SortedKeys();
      const naive = new Set<string>();
      for (const change of changes) {
        if (change.add) {
          sorted.add(change.key);
          naive.add(change.key);
        } else {
          sorted.delete(change.key);
          naive.delete(change.key);
        }
      }
      const expected = [...naive].filter((key) => start <= key && key < end).sort();
      expect([...sorted.ascending(start, end)]).toEqual(expected);
      expect([...sorted.descending(start, end)]).toEqual(expected.reverse());
    }),
    { numRuns: 50 },
  );
});

test("5,000 keys in a shuffled order come out sorted, and leave no trace when deleted", () => {
  const sorted = new SortedKeys();
  const all = Array.from({ length: 5000 }, (_, i) => String((i * 2_654_435_761) % 5003).padStart(4, "0"));
  for (const key of all) sorted.add(key);
  expect([...sorted.ascending("0", "~")]).toEqual([...all].sort());
  expect([...sorted.descending("0", "~")]).toEqual([...all].sort().reverse());
  for (const key of all) sorted.delete(key);
  expect([...sorted.ascending("0", "~")]).toEqual([]);
});
