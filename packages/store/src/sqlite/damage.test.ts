/**
 * Damaged files: whatever is edited, a call gives well-formed records or a StoreError; it never crashes. That a record is
 * still the one that was written, record authentication tells, above the store.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Store, StoreError } from "../contract.ts";
import { sqliteStore } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "kmslite-damage-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A database of some pages: short and long values. */
async function sample(name: string): Promise<{ path: string; image: Buffer }> {
  const path = join(folder, name);
  const store = sqliteStore({ path });
  for (let index = 0; index < 60; index++) {
    const value = new Uint8Array(index % 7 === 0 ? 6000 : 150).fill(index);
    await store.commit({ checks: [], sets: [{ key: `k/${index}`, version: 1, value }], deletes: [] });
  }
  await store.close();
  return { path, image: readFileSync(path) };
}

async function exercise(open: () => Store): Promise<void> {
  let store: Store | undefined;
  try {
    store = open();
    await store.list({ start: "!", end: "~", limit: 1000 });
    await store.list({ start: "!", end: "~", limit: 1000, reverse: true });
    await store.get("k/30");
    await store.commit({
      checks: [{ key: "k/31", version: 1 }],
      sets: [{ key: "k/32", version: 2, value: new Uint8Array(9000) }],
      deletes: ["k/35"],
    });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === "Unavailable")) throw error;
  } finally {
    await store?.close();
  }
}

test("after any edits of the file, every call ends well or in a StoreError Unavailable", async () => {
  const { path, image } = await sample("edited.db");
  const edit = fc.record({
    offset: fc.oneof(
      fc.nat(image.length - 1),
      fc.nat(200),
      fc.nat(image.length / 4096 - 1).map((page) => page * 4096),
    ),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const edited = Buffer.from(image);
      for (const { offset, bytes } of edits) edited.set(bytes.subarray(0, edited.length - offset), offset);
      for (const suffix of ["-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
      writeFileSync(path, edited);
      await exercise(() => sqliteStore({ path }));
    }),
    { numRuns: 500 },
  );
});

test("after any edits of the write-ahead log, commits are lost from some point on, and never in part", async () => {
  const source = join(folder, "log.db");
  const writer = sqliteStore({ path: source });
  for (let version = 1; version <= 20; version++) {
    const sets = ["a", "m", "z"].map((key) => ({ key, version, value: new Uint8Array(900).fill(version) }));
    await writer.commit({ checks: [], sets, deletes: [] });
  }
  // As a crash leaves them: the log not yet copied into the database.
  const [image, log] = [readFileSync(source), readFileSync(`${source}-wal`)];
  await writer.close();

  const path = join(folder, "log-edited.db");
  const edit = fc.record({
    offset: fc.nat(log.length - 1),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ offset, bytes }) => {
      const edited = Buffer.from(log);
      edited.set(bytes.subarray(0, edited.length - offset), offset);
      rmSync(`${path}-shm`, { force: true });
      writeFileSync(path, image);
      writeFileSync(`${path}-wal`, edited);
      const store = sqliteStore({ path });
      const records = await store.list({ start: "!", end: "~", limit: 10 });
      const states = new Set(records.map(({ version, value }) => `${version} ${value.join(" ")}`));
      expect(states.size).toBeLessThanOrEqual(1);
      expect([0, 3]).toContain(records.length);
      await store.close();
    }),
    { numRuns: 200 },
  );
});

test("a file cut short at any page is refused, or read as far as it is whole", async () => {
  const { path, image } = await sample("cut.db");
  for (let length = image.length - 4096; length > 0; length -= 4096) {
    for (const suffix of ["-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
    writeFileSync(path, image.subarray(0, length - 100));
    await exercise(() => sqliteStore({ path }));
  }
});

test("a malformed image says that the database is damaged", async () => {
  const { path, image } = await sample("malformed.db");
  for (let page = 1; page < image.length / 4096; page++) image.fill(0xff, page * 4096, page * 4096 + 16);
  writeFileSync(path, image);
  const store = sqliteStore({ path });
  const damaged = expect.objectContaining({
    code: "Unavailable",
    message: expect.stringMatching(/is damaged/),
  });
  await expect(store.get("k/30")).rejects.toEqual(damaged);
  await expect(store.list({ start: "!", end: "~", limit: 10 })).rejects.toEqual(damaged);
  const commit = { checks: [], sets: [{ key: "k/30", version: 2, value: Uint8Array.of(1) }], deletes: [] };
  await expect(store.commit(commit)).rejects.toEqual(damaged);
  await store.close();
});

test("a version that no writer could have written is refused", async () => {
  const { path } = await sample("version.db");
  const other = new DatabaseSync(path);
  other.exec("UPDATE record SET version = 9223372036854775807 WHERE key = 'k/1'");
  other.exec("UPDATE record SET version = 0 WHERE key = 'k/2'");
  other.close();
  const store = sqliteStore({ path });
  for (const key of ["k/1", "k/2"]) {
    await expect(store.get(key)).rejects.toMatchObject({ name: "StoreError", code: "Unavailable" });
  }
  expect((await store.get("k/3"))?.version).toBe(1);
  await store.close();
});
