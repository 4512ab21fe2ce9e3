/**
 * DynamoDB reads a range record by record, not at one moment, and its adapter reads until two passes agree. A record that was made
 * and removed between them is in neither. That can't matter here: making one changes the version of its predecessor, which the two
 * passes have read. What the authenticated store lists was so at one moment, as on any other store.
 */
import { HmacSha256Key } from "@kmslite/crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Store, StoreRecord } from "../contract.ts";
import { memoryStore } from "../memory.ts";
import { AuthenticatedStore, beginTables } from "./index.ts";

const recordKey = new HmacSha256Key(new Uint8Array(32).fill(3));
const payload = new Uint8Array(1);

/** Ranges are read record by record until two passes agree; `between` happens before each. */
function recordByRecord(store: Store, between: () => Promise<void>): Store {
  const pass = async (start: string, end: string, limit: number): Promise<StoreRecord[]> => {
    const records: StoreRecord[] = [];
    for (let from = start; records.length < limit; ) {
      await between();
      const [record] = await store.list({ start: from, end, limit: 1 });
      if (record === undefined) break;
      records.push(record);
      from = `${record.key}!`;
    }
    return records;
  };
  const namesOf = (records: readonly StoreRecord[]) =>
    records.map(({ key, version }) => `${key} ${version}`).join();
  return {
    get: async (key) => {
      await between();
      return store.get(key);
    },
    list: async ({ start, end, limit, reverse = false }) => {
      // A single record is one item of one query.
      if (reverse) {
        await between();
        return store.list({ start, end, limit, reverse });
      }
      let before = await pass(start, end, limit);
      for (;;) {
        const now = await pass(start, end, limit);
        if (namesOf(before) === namesOf(now)) return now;
        before = now;
      }
    },
    commit: (commit) => store.commit(commit),
    close: () => store.close(),
  };
}

async function keysOf(records: AuthenticatedStore, start: string): Promise<string> {
  return (await records.list({ start, end: "t0", limit: 100 })).map(({ key }) => key).join();
}

test("a list of records that come and go while it is read was so at one moment", async () => {
  const toggles = fc.array(fc.nat(5), { minLength: 1, maxLength: 60, size: "max" });
  const rhythm = fc.array(fc.nat(3), { minLength: 1, maxLength: 60, size: "max" });
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(toggles, rhythm, async (toggled, counts) => {
      const medium = memoryStore();
      await medium.commit(beginTables(recordKey, ["t/"]));
      const direct = new AuthenticatedStore(medium, recordKey);
      const moments = new Set<string>();
      let [step, call] = [0, 0];
      const change = async (): Promise<void> => {
        const key = `t/${"abcdef"[toggled[step++] ?? 0]}`;
        const record = await direct.get(key);
        await direct.commit(record === undefined ? { inserts: [{ key, payload }] } : { removals: [record] });
        moments.add(await keysOf(direct, "t/b"));
      };
      const torn = recordByRecord(medium, async () => {
        const count = counts[call++ % counts.length] ?? 0;
        for (let i = 0; i < count && step < toggled.length; i++) await change();
      });
      for (let i = 0; i < 3; i++) await change();
      const start = await keysOf(direct, "t/b");
      moments.clear();
      moments.add(start);
      const listed = await keysOf(new AuthenticatedStore(torn, recordKey), "t/b");
      if (moments.size > 1) moved++;
      expect([...moments]).toContain(listed);
    }),
    { numRuns: 400 },
  );
  expect(moved).toBeGreaterThan(50);
});

test("a miss is proven by one read, whatever comes and goes between two", async () => {
  const medium = memoryStore();
  await medium.commit(beginTables(recordKey, ["t/"]));
  const direct = new AuthenticatedStore(medium, recordKey);
  const insert = () => direct.commit({ inserts: [{ key: "t/b", payload }] });
  const remove = async () => {
    const record = await direct.get("t/b");
    if (record !== undefined) await direct.commit({ removals: [record] });
  };
  // Gone whenever it is looked for by its key, there whenever its predecessor is.
  const unlucky: Store = {
    ...recordByRecord(medium, async () => {}),
    get: async (key) => {
      await remove();
      return medium.get(key);
    },
    list: async (range) => {
      await remove();
      await insert();
      return medium.list(range);
    },
  };
  expect(await new AuthenticatedStore(unlucky, recordKey).get("t/b")).toMatchObject({ key: "t/b" });
});

test("a page of 1,000 records is linked to its last", async () => {
  const medium = memoryStore();
  await medium.commit(beginTables(recordKey, ["t/"]));
  const records = new AuthenticatedStore(medium, recordKey);
  for (let i = 0; i < 1002; i += 50) {
    const inserts = Array.from({ length: Math.min(50, 1002 - i) }, (_, j) => ({
      key: `t/${String(i + j).padStart(4, "0")}`,
      payload,
    }));
    expect(await records.commit({ inserts })).toBe(true);
  }
  const page = await records.list({ start: "t/0001", end: "t0", limit: 1000 });
  expect([page.length, page[0]?.key, page.at(-1)?.key]).toEqual([1000, "t/0001", "t/1000"]);
});
