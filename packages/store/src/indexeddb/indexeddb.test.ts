/** The contract on an IndexedDB made of JavaScript; the same suite runs in real browsers with the other runtimes. */
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { expect, test, vi } from "vitest";
import { storeConformance } from "../conformance/index.ts";
import { openDatabase, RECORDS } from "./database.ts";
import { indexedDbStore } from "./indexeddb.ts";

vi.stubGlobal("IDBKeyRange", IDBKeyRange);

const create = async () => {
  const factory = new IDBFactory();
  return { open: () => indexedDbStore({ factory }), dispose: async () => {} };
};
for (const { name, run } of storeConformance({ create, persistent: true })) test(name, run);

test("says so where there is no IndexedDB", async () => {
  await expect(indexedDbStore()).rejects.toMatchObject({ code: "Unavailable" });
});

test("lets go of a database that is deleted, and says so afterwards", async () => {
  const factory = new IDBFactory();
  const store = await indexedDbStore({ factory });
  await new Promise<void>((resolve, reject) => {
    const request = factory.deleteDatabase("kmslite");
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
  await expect(store.get("a")).rejects.toMatchObject({ code: "Unavailable" });
  await store.close();
});

test.each([{ version: 0 }, { value: "text" }, { version: 1.5 }])(
  "refuses a record edited to %j",
  async (edit) => {
    const factory = new IDBFactory();
    const store = await indexedDbStore({ factory });
    const database = await openDatabase(factory, "kmslite");
    await new Promise<void>((resolve) => {
      const transaction = database.transaction(RECORDS, "readwrite");
      transaction.objectStore(RECORDS).put({ key: "a", value: new Uint8Array(1), version: 1, ...edit });
      transaction.oncomplete = () => resolve();
    });
    await expect(store.get("a")).rejects.toMatchObject({ code: "Unavailable" });
    await expect(store.list({ start: "a", end: "b", limit: 5 })).rejects.toMatchObject({
      code: "Unavailable",
    });
    await expect(
      store.commit({ checks: [{ key: "a", version: 1 }], sets: [], deletes: [] }),
    ).rejects.toMatchObject({
      code: "Unavailable",
    });
    await store.close();
    database.close();
  },
);
