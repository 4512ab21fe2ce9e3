/** Whoever can write to the store, but has no record key, is found out; whoever has it gets a plain ordered map. */
import { HmacSha256Key } from "@kmslite/crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Store, StoreRecord } from "../contract.ts";
import { memoryStore } from "../memory.ts";
import { AuthenticatedStore, beginTables, IntegrityError } from "./index.ts";

const TABLE = "t/";
const payload = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

let medium: Store;
let records: AuthenticatedStore;

beforeEach(async () => {
  medium = memoryStore();
  const recordKey = new HmacSha256Key(new Uint8Array(32).fill(3));
  const { checks, sets } = beginTables(recordKey, [TABLE, "u/"]);
  await medium.commit({ checks, sets, deletes: [] });
  records = new AuthenticatedStore(medium, recordKey);
});

async function put(key: string, text: string): Promise<void> {
  const record = await records.get(key);
  const mutation =
    record === undefined
      ? { inserts: [{ key, payload: payload(text) }] }
      : { updates: [{ record, payload: payload(text) }] };
  expect(await records.commit(mutation)).toBe(true);
}

/** Writes behind the authenticated store's back. */
async function forge(sets: readonly StoreRecord[], deletes: readonly string[] = []): Promise<void> {
  await medium.commit({ checks: [], sets, deletes });
}

async function stored(key: string): Promise<StoreRecord> {
  const record = await medium.get(key);
  if (record === undefined) throw new Error(`no ${key}`);
  return record;
}

describe("an authenticated store", () => {
  test("is an ordered map, whatever is inserted, updated and removed", async () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.option(fc.string(), { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
        const model = new Map<string, string>();
        for (const record of await records.list({ start: "t/0", end: "t0", limit: 1000 })) {
          await records.commit({ removals: [record] });
        }
        for (const [number, text] of changes) {
          const key = `t/${String(number).padStart(2, "0")}`;
          if (text !== undefined) {
            await put(key, text);
            model.set(key, text);
          } else {
            const record = await records.get(key);
            expect(record === undefined).toBe(!model.delete(key));
            if (record !== undefined) expect(await records.commit({ removals: [record] })).toBe(true);
          }
        }
        const listed = await records.list({ start: "t/0", end: "t0", limit: 1000 });
        expect(listed.map((record) => [record.key, textOf(record.payload)])).toEqual([...model].sort());
      }),
      { numRuns: 50 },
    );
  });

  test("applies several changes of neighbours in one commit", async () => {
    for (const key of ["t/a", "t/c", "t/e"]) await put(key, key);
    const [a, c] = await Promise.all([records.get("t/a"), records.get("t/c")]);
    if (a === undefined || c === undefined) throw new Error("not there");
    const inserts = ["t/b", "t/d", "t/bb"].map((key) => ({ key, payload: payload(key) }));
    expect(await records.commit({ removals: [a, c], inserts })).toBe(true);
    const keys = (await records.list({ start: "t/0", end: "t0", limit: 10 })).map(({ key }) => key);
    expect(keys).toEqual(["t/b", "t/bb", "t/d", "t/e"]);
  });

  test("refuses a mutation of records that somebody else changed meanwhile", async () => {
    await put("t/a", "1");
    const seen = await records.get("t/a");
    if (seen === undefined) throw new Error("not there");
    await put("t/a", "2");
    expect(await records.commit({ updates: [{ record: seen, payload: payload("3") }] })).toBe(false);
    expect(await records.commit({ removals: [seen] })).toBe(false);
    expect(await records.commit({ unchanged: [seen], inserts: [{ key: "t/b", payload: payload("") }] })).toBe(
      false,
    );
    expect(await records.commit({ inserts: [{ key: "t/a", payload: payload("") }] })).toBe(false);
    expect(textOf((await records.get("t/a"))?.payload ?? payload(""))).toBe("2");
  });
});

describe("whoever writes to the database without the record key", () => {
  beforeEach(async () => {
    for (const key of ["t/a", "t/b", "t/c", "u/a"]) await put(key, key);
  });

  const all = () => records.list({ start: "t/0", end: "t0", limit: 10 });
  const refusedFor = async (key: string, ...reads: Promise<unknown>[]): Promise<void> => {
    for (const read of reads) {
      await expect(read).rejects.toBeInstanceOf(IntegrityError);
      await expect(read).rejects.toMatchObject({ record: key, message: expect.stringContaining(key) });
    }
  };

  test("is found out by any edited bit of a value", async () => {
    const { value } = await stored("t/b");
    for (let bit = 0; bit < value.length * 8; bit++) {
      const edited = value.slice();
      edited[bit >> 3] = (edited[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await forge([{ ...(await stored("t/b")), value: edited }]);
      await refusedFor("t/b", records.get("t/b"), all());
    }
  });

  test("is found out by another version", async () => {
    await forge([{ ...(await stored("t/b")), version: 12_345 }]);
    await refusedFor("t/b", records.get("t/b"), all());
  });

  test("is found out by two exchanged values", async () => {
    const [a, b] = [await stored("t/a"), await stored("t/b")];
    await forge([
      { ...a, value: b.value },
      { ...b, value: a.value },
    ]);
    await refusedFor("t/a", records.get("t/a"), all());
    await refusedFor("t/b", records.get("t/b"));
  });

  test("is found out by a record that moved within its table or to another", async () => {
    const b = await stored("t/b");
    await forge([{ ...b, key: "u/b" }], ["t/b"]);
    await refusedFor("u/b", records.get("u/b"));
    await refusedFor("t/b", records.get("t/b"));
  });

  test("is found out by a deleted record, also the last of its table", async () => {
    await forge([], ["t/b"]);
    await refusedFor("t/b", records.get("t/b"));
    await expect(all()).rejects.toBeInstanceOf(IntegrityError);
    await put("u/b", "last");
    await forge([], ["u/b"]);
    await refusedFor("u/b", records.get("u/b"));
    await expect(records.list({ start: "u/0", end: "u0", limit: 10 })).rejects.toBeInstanceOf(IntegrityError);
  });

  test("is found out by a copied record and by an emptied table", async () => {
    await forge([{ ...(await stored("t/b")), key: "t/bb" }]);
    await refusedFor("t/bb", records.get("t/bb"));
    await expect(all()).rejects.toBeInstanceOf(IntegrityError);
    await forge([], ["t/!", "t/a", "t/b", "t/bb", "t/c"]);
    await refusedFor("t/!", all(), records.get("t/a"));
  });

  test("can't put back a record that was removed", async () => {
    const old = await stored("t/b");
    const record = await records.get("t/b");
    if (record === undefined) throw new Error("not there");
    await records.commit({ removals: [record] });
    await forge([old]);
    await expect(all()).rejects.toBeInstanceOf(IntegrityError);
  });
});
