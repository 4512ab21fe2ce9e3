/** A store from before a table was added gets it when it is opened; a table that was taken away does not come back. */
import { createKeyring, openKeyring, platformCryptography, secretRootKey } from "@kmslite/hierarchy";
import { memoryStore, type Store } from "@kmslite/store";
import { beginTables, encodeRecord, firstVersion, IntegrityError } from "@kmslite/store/authenticated";
import { expect, test } from "vitest";
import { Database } from "./database.ts";
import { FIRST_TABLES, KEYRING, TABLES } from "./keys.ts";
import { encode } from "./records.ts";

const ROOT_KEY = secretRootKey(new Uint8Array(32).fill(5));
const NOW = Date.UTC(2026, 0, 1);
const NEW_TABLES = TABLES.filter((table) => !FIRST_TABLES.includes(table));

/** What a version of KMSLite that knew the first tables only made of an empty store. */
async function formerStore(): Promise<Store> {
  const store = memoryStore();
  const cryptography = await platformCryptography();
  const keyring = await createKeyring(ROOT_KEY, cryptography, NOW);
  const open = await openKeyring(keyring, ROOT_KEY, cryptography);
  const { checks, sets } = beginTables(open.recordKey, FIRST_TABLES);
  const record = { key: KEYRING, version: firstVersion(), payload: encode(keyring), next: "" };
  const value = encodeRecord(open.recordKey, record);
  await store.commit({
    checks,
    sets: [...sets, { key: KEYRING, version: record.version, value }],
    deletes: [],
  });
  open.destroy();
  return store;
}

const open = async (store: Store) => Database.open(store, ROOT_KEY, await platformCryptography(), NOW);

test("a store from before has the new tables once it is opened, by however many at once", async () => {
  const store = await formerStore();
  const databases = await Promise.all([open(store), open(store), open(store)]);
  for (const { records, keyring } of databases) {
    for (const table of NEW_TABLES) expect(await records.get(`${table}x`)).toBeUndefined();
    expect(keyring.tables).toEqual(TABLES);
  }
});

test("a table that was taken away is missed, not begun again", async () => {
  const store = await formerStore();
  (await open(store)).close();
  await store.commit({ checks: [], sets: [], deletes: [`${NEW_TABLES[0]}!`] });
  const database = await open(store);
  await expect(database.records.get(`${NEW_TABLES[0]}x`)).rejects.toBeInstanceOf(IntegrityError);
});
