import fc from "fast-check";
import { expect, test } from "vitest";
import { judge, type Model, type Recorded } from "./linearizable.ts";

type Call = { readonly write: number } | { readonly read: number };

/** A register that holds 0 at first. */
const register: Model<number, Call> = {
  initial: 0,
  after: (value, call) => ("write" in call ? call.write : call.read === value ? value : undefined),
  isRead: (call) => "read" in call,
  nameOf: String,
};

const write = (value: number, from: number, until: number, maybe = false): Recorded<Call> => ({
  call: { write: value },
  from,
  until,
  maybe,
});
const read = (value: number, from: number, until: number): Recorded<Call> => ({
  call: { read: value },
  from,
  until,
  maybe: false,
});

test.each([
  ["nothing", []],
  ["one after the other", [write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7)]],
  ["a read during a write sees the old value", [write(1, 0, 10), read(0, 1, 2)]],
  ["a read during a write sees the new value", [write(1, 0, 10), read(1, 1, 2)]],
  ["old, then new, during one write", [write(1, 0, 10), read(0, 1, 2), read(1, 3, 4)]],
  ["two writes at once, read in either order", [write(1, 0, 10), write(2, 0, 10), read(1, 11, 12)]],
  ["a lost answer whose write happened", [write(1, 0, 10, true), read(1, 11, 12)]],
  ["a lost answer whose write did not happen", [write(1, 0, 10, true), read(0, 11, 12)]],
  ["a lost answer whose write happened late", [write(1, 0, 10, true), read(0, 1, 2), read(1, 3, 4)]],
  [
    "three at once, and the one order that fits",
    [write(1, 0, 9), write(2, 0, 9), read(2, 0, 9), read(1, 10, 11)],
  ],
  // Herlihy and Wing 1990, the idea of figure 1: overlapping calls may take effect in any order.
  ["a chain of overlaps", [write(1, 0, 5), read(0, 1, 6), write(2, 4, 9), read(2, 7, 8), read(2, 10, 11)]],
] as [string, Recorded<Call>[]][])("linearizable: %s", (_, history) => {
  expect(judge(register, history)).toEqual({ linearizable: true });
  expect(judge(register, [...history].reverse())).toEqual({ linearizable: true });
});

test.each([
  ["a stale read", [write(1, 0, 1), read(0, 2, 3)]],
  ["a value that nobody wrote", [write(1, 0, 10), read(7, 1, 2)]],
  ["a lost update", [write(1, 0, 1), write(2, 2, 3), read(1, 4, 5)]],
  ["new, then old, during one write", [write(1, 0, 10), read(1, 1, 2), read(0, 3, 4)]],
  [
    "two readers who see two writes in different orders",
    [write(1, 0, 10), write(2, 0, 10), read(1, 11, 12), read(2, 13, 14)],
  ],
  ["a write that happened after its time was over", [write(1, 0, 3, true), read(0, 4, 5), read(1, 6, 7)]],
  [
    "a write whose answer was lost, seen and unseen again",
    [write(1, 0, 10, true), read(1, 11, 12), read(0, 13, 14)],
  ],
] as [string, Recorded<Call>[]][])("not linearizable: %s", (_, history) => {
  expect(judge(register, history)).toMatchObject({ linearizable: false });
});

test("a refusal names how far it came and the calls that were open there", () => {
  const verdict = judge(register, [write(1, 0, 1), read(1, 2, 3), read(0, 4, 5)]);
  expect(verdict).toEqual({ linearizable: false, ordered: 2, of: 3, stuckAt: [read(0, 4, 5)] });
});

test("agrees with trying every order, on any short history", () => {
  const call = fc.oneof(
    fc.record({ write: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ read: fc.integer({ min: 0, max: 2 }) }),
  );
  const recorded = fc
    .record({ call, from: fc.nat(12), length: fc.nat(6), maybe: fc.boolean() })
    .map(({ call, from, length, maybe }) => ({
      call,
      from,
      until: from + length,
      maybe: maybe && "write" in call,
    }));
  let held = 0;
  fc.assert(
    fc.property(fc.array(recorded, { maxLength: 6 }), (history) => {
      const expected = everyOrder(history, 0);
      if (expected) held++;
      expect(judge(register, history).linearizable).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  // Both answers must have come up, or this compares nothing.
  expect(held).toBeGreaterThan(100);
  expect(held).toBeLessThan(2900);
});

/** The definition, tried out: some order of the calls respects time and the register. */
function everyOrder(left: readonly Recorded<Call>[], value: number): boolean {
  if (left.length === 0) return true;
  return left.some((next, place) => {
    const others = left.filter((_, index) => index !== place);
    if (others.some(({ until }) => until < next.from)) return false;
    const after = register.after(value, next.call);
    return (after !== undefined && everyOrder(others, after)) || (next.maybe && everyOrder(others, value));
  });
}

test("a long history with few overlaps is judged in time, both ways", () => {
  const history: Recorded<Call>[] = [];
  for (let i = 1; i <= 20_000; i++) {
    history.push(
      write(i, 10 * i, 10 * i + 8),
      read(i - 1, 10 * i + 1, 10 * i + 2),
      read(i, 10 * i + 9, 10 * i + 12),
    );
  }
  expect(judge(register, history).linearizable).toBe(true);
  expect(judge(register, [...history, read(1, 300_000, 300_001)]).linearizable).toBe(false);
});

test("a history made by a real register under concurrency is linearizable, and is not with one answer changed", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 10, maxLength: 200 }), (choices) => {
      let value = 0;
      const history = choices.map((choice, index): Recorded<Call> => {
        // Each takes effect at its index, somewhere within its time.
        const [from, until] = [index - choice / 4, index + choice / 3];
        if (choice < 4) {
          value = index + 1;
          return write(value, from, until);
        }
        return read(value, from, until);
      });
      expect(judge(register, history).linearizable).toBe(true);
      const spoiled = [...history, read(-1, choices.length + 10, choices.length + 11)];
      expect(judge(register, spoiled).linearizable).toBe(false);
    }),
    { numRuns: 200 },
  );
});
