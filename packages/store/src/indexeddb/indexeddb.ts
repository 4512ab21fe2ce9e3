/**
 * The store in IndexedDB: what a browser keeps for an origin, in pages, dedicated workers and service workers.
 *
 * - A commit is one `readwrite` transaction, which the browser runs whole or not at all, one at a time for all tabs of the
 *   origin. It is acknowledged at `complete` under strict durability, when the browser has handed it to the disk.
 * - Keys are strings: IndexedDB orders them by UTF-16 code units, which is bytewise for printable ASCII.
 *
 * Indexed Database API 3.0, https://www.w3.org/TR/IndexedDB-3/
 */
import {
  type Commit,
  type ListRange,
  type Store,
  StoreError,
  type StoreKey,
  type StoreRecord,
} from "../contract.ts";
import { checkCommit, checkKey, checkRange } from "../validate.ts";
import { openDatabase, RECORDS } from "./database.ts";
import { storeError } from "./failure.ts";

export interface IndexedDbStoreOptions {
  /** The database's name within the origin. Default `kmslite`. */
  readonly name?: string;
  /** The platform's, unless given. */
  readonly factory?: IDBFactory;
}

/**
 * Opens the store in an IndexedDB database; makes the database if there is none.
 *
 * @throws {StoreError} `Unavailable` when the browser has no IndexedDB here, refuses it (private windows, full disk), or the
 * database is of a newer version
 */
export async function indexedDbStore(options: IndexedDbStoreOptions = {}): Promise<Store> {
  const { name = "kmslite", factory = globalThis.indexedDB } = options;
  if (factory === undefined) throw new StoreError("Unavailable", "there is no IndexedDB in this runtime");
  const database = await openDatabase(factory, name).catch((error: unknown) => {
    throw storeError(error);
  });
  return new IndexedDbStore(database);
}

class IndexedDbStore implements Store {
  readonly #database: IDBDatabase;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;
  #taken = false;

  constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab wants a newer version of the database, or the user cleared the site's data: holding on would block them.
    database.onversionchange = () => {
      this.#taken = true;
      database.close();
    };
    database.onclose = () => {
      this.#taken = true;
    };
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    checkKey(key);
    return this.#run("readonly", ({ records, on, answer }) => {
      on(records.get(key), (stored) => answer(stored === undefined ? undefined : recordOf(stored)));
    });
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    const { start, end, limit, reverse } = checkRange(range);
    // A range whose bounds cross is empty; IDBKeyRange would throw.
    if (start >= end) return this.#run("readonly", ({ answer }) => answer([]));
    const bounds = IDBKeyRange.bound(start, end, false, true);
    return this.#run("readonly", ({ records, on, answer }) => {
      if (!reverse) {
        on(records.getAll(bounds, limit), (stored) => answer(stored.map(recordOf)));
        return;
      }
      const found: StoreRecord[] = [];
      on(records.openCursor(bounds, "prev"), (cursor) => {
        if (cursor !== null) found.push(recordOf(cursor.value));
        if (cursor === null || found.length === limit) answer(found);
        else cursor.continue();
      });
    });
  }

  async commit(commit: Commit): Promise<boolean> {
    const { checks, sets, deletes } = checkCommit(commit);
    return this.#run("readwrite", ({ records, on, answer }) => {
      const write = (): void => {
        for (const key of deletes) records.delete(key);
        for (const set of sets) records.put(set);
        answer(true);
      };
      let open = checks.length;
      let holds = true;
      if (open === 0) write();
      for (const { key, version } of checks) {
        on(records.get(key), (stored) => {
          if ((stored === undefined ? null : recordOf(stored).version) !== version) holds = false;
          open--;
          if (open > 0) return;
          if (holds) write();
          else answer(false);
        });
      }
    });
  }

  /** Operations that were begun are finished first. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.#database.close());
    return this.#closing;
  }

  /** Runs one transaction; what it answered counts when the transaction is complete. */
  #run<T>(mode: IDBTransactionMode, work: (transaction: Running<T>) => void): Promise<T> {
    if (this.#closing) throw new StoreError("Closed", "the store is closed");
    if (this.#taken) {
      throw new StoreError(
        "Unavailable",
        "the browser closed the database: its data was cleared, or a newer version opened it",
      );
    }
    const running = transact(this.#database, mode, work);
    this.#running.add(running);
    const done = (): void => {
      this.#running.delete(running);
    };
    running.then(done, done);
    return running;
  }
}

/** One transaction at work. */
interface Running<T> {
  readonly records: IDBObjectStore;
  /** Calls `then` with what a request found; what `then` throws aborts the transaction and is what its promise rejects with. */
  on<Found>(request: IDBRequest<Found>, then: (found: Found) => void): void;
  answer(value: T): void;
}

function transact<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (transaction: Running<T>) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const transaction = database.transaction(RECORDS, mode, { durability: "strict" });
    let answered: { readonly value: T } | undefined;
    let thrown: unknown;
    transaction.oncomplete = () => {
      if (answered === undefined) reject(new Error("the transaction ended without an answer"));
      else resolve(answered.value);
    };
    transaction.onabort = () =>
      reject(thrown ?? transaction.error ?? new Error("the transaction was aborted"));
    work({
      records: transaction.objectStore(RECORDS),
      on: (request, then) => {
        request.onsuccess = () => {
          try {
            then(request.result);
          } catch (error) {
            thrown = error;
            transaction.abort();
          }
        };
      },
      answer: (value) => {
        answered = { value };
      },
    });
  }).catch((error: unknown) => {
    throw storeError(error);
  });
}

/** What is read is input: the page's own scripts can write to the database too. */
function recordOf(stored: unknown): StoreRecord {
  const { key, value, version } = stored as Partial<StoreRecord>;
  if (
    typeof key !== "string" ||
    !(value instanceof Uint8Array) ||
    typeof version !== "number" ||
    !Number.isSafeInteger(version) ||
    version < 1
  ) {
    throw new StoreError(
      "Unavailable",
      "the IndexedDB database is damaged: a record has fields never written so",
    );
  }
  return { key, value, version };
}
