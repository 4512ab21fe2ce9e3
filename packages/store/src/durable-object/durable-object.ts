/**
 * The store in a Cloudflare Durable Object with SQLite storage: one object, one thread, and a disk of its own that is
 * replicated before an answer leaves.
 *
 * - A commit is one synchronous transaction, which nothing else of the object can come between.
 * - It is acknowledged when `sync()` has confirmed it; the platform also holds back every response until then.
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

/** As much of a Durable Object's `ctx.storage` as the store needs. */
export interface DurableObjectStorage {
  readonly sql: {
    exec(
      query: string,
      ...bindings: (string | number | ArrayBuffer)[]
    ): { toArray(): Record<string, unknown>[] };
  };
  transactionSync<T>(work: () => T): T;
  sync(): Promise<void>;
}

/**
 * Opens the store in a Durable Object's storage (`ctx.storage`) and makes its table if there is none. The object's class must be
 * declared with SQLite storage (`new_sqlite_classes`).
 *
 * @throws {StoreError} `Unavailable` if the storage has no SQLite
 */
export function durableObjectStore(storage: DurableObjectStorage): Store {
  try {
    storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS kmslite_record (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID",
    );
  } catch (error) {
    throw failed(error);
  }
  return new DurableObjectStore(storage);
}

class DurableObjectStore implements Store {
  readonly #storage: DurableObjectStorage;
  #closed = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    this.#refuseWhenClosed();
    checkKey(key);
    const [row] = this.#rows("SELECT key, version, value FROM kmslite_record WHERE key = ?", key);
    return row === undefined ? undefined : recordOf(row);
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    this.#refuseWhenClosed();
    const { start, end, limit, reverse } = checkRange(range);
    const order = reverse ? "DESC" : "ASC";
    return this.#rows(
      `SELECT key, version, value FROM kmslite_record WHERE key >= ? AND key < ? ORDER BY key ${order} LIMIT ?`,
      ...[start, end, limit],
    ).map(recordOf);
  }

  async commit(commit: Commit): Promise<boolean> {
    this.#refuseWhenClosed();
    const { checks, sets, deletes } = checkCommit(commit);
    try {
      const applied = this.#storage.transactionSync(() => {
        for (const { key, version } of checks) {
          const [row] = this.#rows("SELECT version FROM kmslite_record WHERE key = ?", key);
          if ((row?.["version"] ?? null) !== version) return false;
        }
        for (const key of deletes) this.#rows("DELETE FROM kmslite_record WHERE key = ?", key);
        for (const { key, version, value } of sets)
          this.#rows(
            "INSERT OR REPLACE INTO kmslite_record (key, version, value) VALUES (?, ?, ?)",
            ...[key, version, value.buffer as ArrayBuffer],
          );
        return true;
      });
      if (applied) await this.#storage.sync();
      return applied;
    } catch (error) {
      throw failed(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #rows(query: string, ...bindings: (string | number | ArrayBuffer)[]): Record<string, unknown>[] {
    try {
      return this.#storage.sql.exec(query, ...bindings).toArray();
    } catch (error) {
      throw failed(error);
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreError("Closed", "the store is closed");
  }
}

function recordOf({ key, version, value }: Record<string, unknown>): StoreRecord {
  if (
    typeof key !== "string" ||
    !(value instanceof ArrayBuffer) ||
    typeof version !== "number" ||
    !Number.isSafeInteger(version) ||
    version < 1
  ) {
    throw new StoreError(
      "Unavailable",
      "the object's storage is damaged: a record has fields never written so",
    );
  }
  return { key, version, value: new Uint8Array(value) };
}

function failed(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError("Unavailable", `the object's storage failed: ${String(error)}`, { cause: error });
}
