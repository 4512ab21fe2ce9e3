import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test, vi } from "vitest";
import { storeConformance } from "../conformance/index.ts";
import type { SetRecord } from "../contract.ts";
import { sqliteStore } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "kmslite-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newPath = () => join(folder, `${++files}.db`);
const set = (key: string, version = 1, value = Uint8Array.of(1)): SetRecord => ({ key, version, value });
const put = (key: string, version = 1) => ({ checks: [], sets: [set(key, version)], deletes: [] });
const unavailable = (message: RegExp) =>
  expect.objectContaining({
    name: "StoreError",
    code: "Unavailable",
    message: expect.stringMatching(message),
  });

describe("the store contract", () => {
  const target = {
    create: async () => {
      const path = newPath();
      return { open: async () => sqliteStore({ path }), dispose: async () => rmSync(path) };
    },
    persistent: true,
  };
  for (const { name, run } of storeConformance(target)) test(name, run);
});

describe("group commit", () => {
  test("commits issued together are judged one by one, in order", async () => {
    const store = sqliteStore({ path: newPath() });
    const create = (version: number) =>
      store.commit({ checks: [{ key: "a", version: null }], sets: [set("a", version)], deletes: [] });
    const outcomes = await Promise.all([
      create(7),
      create(8),
      store.commit({ checks: [{ key: "a", version: 7 }], sets: [set("a", 9)], deletes: [] }),
      store.commit({ checks: [{ key: "a", version: 7 }], sets: [], deletes: ["a"] }),
    ]);
    expect(outcomes).toEqual([true, false, true, false]);
    expect((await store.get("a"))?.version).toBe(9);
    await store.close();
  });

  test("commits issued together share transactions: 1,000 take a handful of syncs, not 1,000", async () => {
    const path = newPath();
    const store = sqliteStore({ path });
    await Promise.all(Array.from({ length: 1000 }, (_, index) => store.commit(put(`k/${index}`))));
    // Every transaction writes at least one frame of 4,120 bytes a page; 1,000 of them would write over 4 MB.
    expect(statSync(`${path}-wal`).size).toBeLessThan(1_500_000);
    await store.close();
  });

  test("a failure in the middle rolls back the whole transaction, and every commit of it says so", async () => {
    const path = newPath();
    const store = sqliteStore({ path });
    await store.commit(put("before"));
    const saboteur = new DatabaseSync(path);
    saboteur.exec(`CREATE TRIGGER full BEFORE INSERT ON record WHEN new.key = 'b'
      BEGIN SELECT RAISE(ABORT, 'out of luck'); END`);
    const outcomes = await Promise.allSettled(
      [put("a"), put("b"), put("c")].map((commit) => store.commit(commit)),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: unavailable(/out of luck/) });
    }
    saboteur.exec("DROP TRIGGER full");
    saboteur.close();
    expect((await store.list({ start: "!", end: "~", limit: 10 })).map(({ key }) => key)).toEqual(["before"]);
    expect(await store.commit(put("after"))).toBe(true);
    await store.close();
  });
});

describe("the file", () => {
  test("is readable by its owner alone, and so are its write-ahead log and index", async () => {
    const path = newPath();
    const store = sqliteStore({ path });
    await store.commit(put("a"));
    for (const suffix of ["", "-wal", "-shm"]) {
      expect((statSync(path + suffix).mode & 0o777).toString(8)).toBe("600");
    }
    await store.close();
  });

  test("of another application, or no database at all, is refused and not touched", () => {
    const foreign = newPath();
    const other = new DatabaseSync(foreign);
    other.exec("CREATE TABLE t (x)");
    other.close();
    const text = newPath();
    writeFileSync(text, "a letter to a friend, which is long enough to be something.".repeat(20));
    for (const [path, message] of [
      [foreign, /another application/],
      [text, /is not an SQLite database/],
    ] as const) {
      const before = readFileSync(path);
      expect(() => sqliteStore({ path })).toThrow(unavailable(message));
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });

  test.each([
    ["of a newer schema", "PRAGMA user_version = 2", /newer KMSLite/],
    ["with a trigger", "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END", /schema/],
    ["with an index of somebody else", "CREATE INDEX i ON record (version)", /schema/],
    ["with a view", "CREATE VIEW v AS SELECT 1", /schema/],
    ["with another record table", "DROP TABLE record; CREATE TABLE record (key, version, value)", /schema/],
  ])("%s is refused", async (_, change, message) => {
    const path = newPath();
    await sqliteStore({ path }).close();
    const other = new DatabaseSync(path);
    other.exec(change);
    other.close();
    expect(() => sqliteStore({ path })).toThrow(unavailable(message));
  });

  test("may hold tables of other tools beside ours", async () => {
    const path = newPath();
    await sqliteStore({ path }).close();
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE replication (position)");
    other.close();
    await sqliteStore({ path }).close();
  });

  test("that can't be opened says why", () => {
    expect(() => sqliteStore({ path: join(folder, "absent", "a.db") })).toThrow(unavailable(/ENOENT/));
    expect(() => sqliteStore({ path: folder })).toThrow(unavailable(/unable to open/));
    expect(() => sqliteStore({ path: ":memory:" })).toThrow(expect.objectContaining({ code: "Malformed" }));
  });

  test("keeps nothing of a deleted or replaced record once it is closed", async () => {
    const path = newPath();
    const store = sqliteStore({ path });
    const secret = (letter: string) => new TextEncoder().encode(`planted-${letter}-`.repeat(300));
    await store.commit({
      checks: [],
      sets: [set("a", 1, secret("A")), set("b", 1, secret("B"))],
      deletes: [],
    });
    await store.commit({ checks: [], sets: [set("b", 2)], deletes: ["a"] });
    await store.close();
    expect(readFileSync(path).includes("planted-")).toBe(false);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test("that is not writable says so", async (context) => {
    const path = newPath();
    await sqliteStore({ path }).close();
    chmodSync(path, 0o400);
    if (process.getuid?.() === 0) return context.skip("root may write anyway");
    expect(() => sqliteStore({ path })).toThrow(unavailable(/EACCES/));
  });
});

test("a runtime without node:sqlite is told which one has it", () => {
  const builtin = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  try {
    expect(() => sqliteStore({ path: newPath() })).toThrow(unavailable(/needs node:sqlite, Node.js 22.13/));
  } finally {
    builtin.mockRestore();
  }
});

describe("a busy database", () => {
  test("is waited for, without stopping the event loop, and reads go on", async () => {
    const path = newPath();
    const store = sqliteStore({ path });
    await store.commit(put("a"));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const pending = store.commit(put("a", 2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await store.get("a"))?.version).toBe(1);
    other.exec("COMMIT");
    other.close();
    expect(await pending).toBe(true);
    await store.close();
  });

  test("is given up after the timeout as unavailable, and works again when it is free", async () => {
    const path = newPath();
    const store = sqliteStore({ path, busyTimeout: 50 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.commit(put("a"))).rejects.toEqual(unavailable(/busy/));
    expect(() => sqliteStore({ path, busyTimeout: 50 })).toThrow(unavailable(/busy/));
    other.exec("ROLLBACK");
    other.close();
    expect(await store.get("a")).toBe(undefined);
    expect(await store.commit(put("a"))).toBe(true);
    await store.close();
  });
});
