/**
 * The store that lives in the memory of one process: for tests, for caches, and for whoever keeps the records
 * elsewhere and loads them at the start. It promises everything of the contract but durability.
 *
 * A commit is applied in one go, between two turns of the event loop, so every operation is linearizable.
 */
import {
  type Commit,
  type ListRange,
  type Store,
  StoreError,
  type StoreKey,
  type StoreRecord,
} from "./contract.ts";
import { SortedKeys } from "./sorted-keys.ts";
import { checkCommit, checkKey, checkRange, copyBytes } from "./validate.ts";

/** An empty store in memory. */
export function memoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly #records = new Map<StoreKey, StoreRecord>();
  readonly #keys = new SortedKeys();
  #closed = false;

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    this.#refuseWhenClosed();
    const record = this.#records.get(checkKey(key));
    return record && copyRecord(record);
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    this.#refuseWhenClosed();
    const { start, end, limit, reverse } = checkRange(range);
    const found: StoreRecord[] = [];
    for (const key of reverse ? this.#keys.descending(start, end) : this.#keys.ascending(start, end)) {
      if (found.length === limit) break;
      const record = this.#records.get(key);
      if (record) found.push(copyRecord(record));
    }
    return found;
  }

  async commit(commit: Commit): Promise<boolean> {
    this.#refuseWhenClosed();
    const { checks, sets, deletes } = checkCommit(commit);
    const holds = checks.every(({ key, version }) => (this.#records.get(key)?.version ?? null) === version);
    if (!holds) return false;
    for (const key of deletes) {
      if (this.#records.delete(key)) this.#keys.delete(key);
    }
    for (const set of sets) {
      if (!this.#records.has(set.key)) this.#keys.add(set.key);
      this.#records.set(set.key, set);
    }
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreError("Closed", "the store is closed");
  }
}

function copyRecord({ key, value, version }: StoreRecord): StoreRecord {
  return { key, value: copyBytes(value), version };
}
