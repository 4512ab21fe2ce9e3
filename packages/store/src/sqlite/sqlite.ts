/**
 * The store in an SQLite file, through Node's own `node:sqlite`: the embedded default.
 *
 * - Durable before acknowledged: write-ahead log, `synchronous = FULL`.
 * - The fsync dominates, so commits that are issued together share a transaction (group commit). Each is judged by itself,
 *   in order; none is acknowledged, applied or not, before the transaction it was judged in is on the disk.
 * - Any number of processes may open the same file. While one writes, the others wait without blocking their event loops.
 */
import { resolve } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type Commit,
  type ListRange,
  type Store,
  StoreError,
  type StoreKey,
  type StoreRecord,
} from "../contract.ts";
import { checkCommit, checkKey, checkRange } from "../validate.ts";
import { openDatabase, transaction } from "./database.ts";
import { damaged, storeError, whenFree } from "./failure.ts";

export interface SqliteStoreOptions {
  /** The database file; made, with mode 0600, if there is none. Its folder must exist. */
  readonly path: string;
  /** Milliseconds to wait for other processes that are writing, before giving up as `Unavailable`. Default 5,000. */
  readonly busyTimeout?: number;
}

/** Commits of one transaction at most: bounds how long the event loop stands still, and what one failure takes along. */
const GROUP_SIZE = 128;

const COLUMNS = "SELECT key, version, value FROM record";

interface Waiting {
  readonly commit: Commit;
  readonly resolve: (applied: boolean) => void;
  readonly reject: (error: StoreError) => void;
}

/**
 * Opens the store in an SQLite file.
 *
 * @throws {StoreError} `Malformed` path; `Unavailable` when `node:sqlite` is missing (Node.js before 22.13), when the file can't be
 * opened, or is damaged, not ours, or of a newer schema
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { path, busyTimeout = 5000 } = options;
  if (typeof path !== "string" || path === "" || path === ":memory:") {
    throw new StoreError(
      "Malformed",
      "an SQLite store needs the path of a file; for none there is memoryStore()",
    );
  }
  // Absolute: another working directory later must not make another file of it, nor SQLite take "file:…" for a URI.
  const file = resolve(path);
  return new SqliteStore(file, busyTimeout, openDatabase(file, busyTimeout));
}

class SqliteStore implements Store {
  readonly #file: string;
  readonly #busyTimeout: number;
  readonly #database: DatabaseSync;
  readonly #select: StatementSync;
  readonly #selectVersion: StatementSync;
  readonly #selectAscending: StatementSync;
  readonly #selectDescending: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(file: string, busyTimeout: number, database: DatabaseSync) {
    this.#file = file;
    this.#busyTimeout = busyTimeout;
    this.#database = database;
    this.#select = database.prepare(`${COLUMNS} WHERE key = ?`);
    this.#selectVersion = database.prepare("SELECT version FROM record WHERE key = ?");
    this.#selectAscending = database.prepare(`${COLUMNS} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
    this.#selectDescending = database.prepare(
      `${COLUMNS} WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?`,
    );
    this.#upsert = database.prepare("INSERT OR REPLACE INTO record (key, version, value) VALUES (?, ?, ?)");
    this.#delete = database.prepare("DELETE FROM record WHERE key = ?");
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    this.#refuseWhenClosed();
    checkKey(key);
    const row = await this.#read(() => this.#select.get(key));
    if (row === undefined) return undefined;
    const record = this.#recordOf(row);
    if (record.key !== key) throw damaged(this.#file, `asked for ${key}, it gave another record`);
    return record;
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    this.#refuseWhenClosed();
    const { start, end, limit, reverse } = checkRange(range);
    const statement = reverse ? this.#selectDescending : this.#selectAscending;
    const rows = await this.#read(() => statement.all(start, end, limit));
    const records = rows.map((row) => this.#recordOf(row));
    records.forEach(({ key }, index) => {
      const before = records[index - 1]?.key;
      const inOrder = before === undefined || (reverse ? key < before : before < key);
      if (!inOrder || key < start || key >= end) throw damaged(this.#file, "its records are out of order");
    });
    return records;
  }

  async commit(commit: Commit): Promise<boolean> {
    this.#refuseWhenClosed();
    const checked = checkCommit(commit);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit: checked, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Commits that were taken are finished first. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#draining;
    try {
      this.#database.close();
    } catch (error) {
      throw storeError(this.#file, error);
    }
  }

  async #read<T>(query: () => T): Promise<T> {
    try {
      return await whenFree(this.#busyTimeout, () => {
        // Again at every attempt: the store may have been closed during the pause.
        this.#refuseWhenClosed();
        return query();
      });
    } catch (error) {
      throw storeError(this.#file, error);
    }
  }

  /** Writes group after group until no commit waits. Never rejects: each commit is told of its own end. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // To the end of this turn of the event loop, so that everything that was issued in it goes together.
      await new Promise((resolve) => setImmediate(resolve));
      const longestWaiting = this.#waiting.length;
      try {
        await whenFree(this.#busyTimeout, () => this.#writeGroup());
      } catch (error) {
        // The transaction never began. Those that came during the wait have not had their time yet.
        this.#rejectAll(this.#waiting.splice(0, longestWaiting), error);
      }
    }
    this.#draining = undefined;
  }

  /** One transaction of everything that waits by then. Throws only if it could not begin. */
  #writeGroup(): void {
    let group: readonly Waiting[] = [];
    let outcomes: readonly boolean[];
    try {
      outcomes = transaction(this.#database, "IMMEDIATE", () => {
        group = this.#waiting.splice(0, GROUP_SIZE);
        return group.map(({ commit }) => this.#apply(commit));
      });
    } catch (error) {
      if (group.length === 0) throw error;
      this.#rejectAll(group, error);
      return;
    }
    group.forEach(({ resolve }, index) => {
      resolve(outcomes[index] === true);
    });
  }

  #apply({ checks, sets, deletes }: Commit): boolean {
    for (const { key, version } of checks) {
      if (this.#versionOf(key) !== version) return false;
    }
    for (const key of deletes) this.#delete.run(key);
    for (const { key, version, value } of sets) this.#upsert.run(key, version, value);
    return true;
  }

  #versionOf(key: StoreKey): number | null {
    const row = this.#selectVersion.get(key);
    if (row === undefined) return null;
    const { version } = row;
    if (!isVersion(version)) throw damaged(this.#file, `record ${key} has no proper version`);
    return version;
  }

  /** What a row must be, or else the file was edited: the table's own types bind writers, not what is in the file. */
  #recordOf(row: Record<string, unknown>): StoreRecord {
    const { key, version, value } = row;
    if (typeof key !== "string" || !isVersion(version) || !(value instanceof Uint8Array)) {
      throw damaged(this.#file, "a record has fields that were never written so");
    }
    return { key, value, version };
  }

  #rejectAll(group: readonly Waiting[], error: unknown): void {
    const reason = storeError(this.#file, error);
    for (const { reject } of group) reject(reason);
  }

  #refuseWhenClosed(): void {
    if (this.#closing) throw new StoreError("Closed", "the store is closed");
  }
}

function isVersion(version: unknown): version is number {
  return typeof version === "number" && Number.isSafeInteger(version) && version >= 1;
}
