/** Where the store of a KMS is: a file of the data folder, or a database elsewhere. */
import type { Store } from "@kmslite/store";
import { sqliteStore } from "@kmslite/store/sqlite";
import { nameOfStore, openDatabaseStore } from "./database-store.ts";
import { exists } from "./private-file.ts";

export interface StorePlace {
  /** For messages; holds no secret. */
  readonly name: string;
  /** Whether it is apart from the data folder. */
  readonly elsewhere: boolean;
  /** Whether a KMS was made in it. */
  exists(): Promise<boolean>;
  open(): Store;
  /** Closes what was opened; closing twice is harmless. */
  close(): Promise<void>;
}

/** The SQLite file of a data folder. It is made when it is opened. */
export function filePlace(path: string): StorePlace {
  let store: Store | undefined;
  return {
    name: path,
    elsewhere: false,
    exists: () => exists(path),
    open: () => {
      store ??= sqliteStore({ path });
      return store;
    },
    close: async () => store?.close(),
  };
}

/** A database, with its tables. @throws {SetupError | StoreError} as {@link openDatabaseStore} does */
export async function databasePlace(url: string, create: boolean): Promise<StorePlace> {
  const store = await openDatabaseStore(url, create);
  return {
    name: nameOfStore(url),
    elsewhere: true,
    exists: async () => !(await isEmpty(store)),
    open: () => store,
    close: () => store.close(),
  };
}

export async function isEmpty(store: Store): Promise<boolean> {
  return (await store.list({ start: "!", end: "~", limit: 1 })).length === 0;
}
