/**
 * The KMS keys that this process used lately, so that Encrypt and Decrypt read no store.
 *
 * Another process may change a key; what is cached is believed for a bounded time only. A change made here is seen at
 * once, because every commit drops what it touched.
 */
import type { Database } from "./database/database.ts";
import { keyKey } from "./database/keys.ts";
import { decode, type KeyRecord, type Row } from "./database/records.ts";

interface Entry {
  readonly row: Row<KeyRecord>;
  readonly readAt: number;
}

/** Least recently used entries leave first. */
const MAXIMUM_ENTRIES = 10_000;

export class KeyCache {
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #maximumAgeMs: number;
  readonly #entries = new Map<string, Entry>();
  /** Counts what was dropped: a read that began before is not kept, since it may show what was true before. */
  #generation = 0;

  /** @param maximumAgeMs how long a change made by another process may go unseen */
  constructor(database: Database, clock: () => number, maximumAgeMs: number) {
    this.#database = database;
    this.#clock = clock;
    this.#maximumAgeMs = maximumAgeMs;
  }

  /** The key, or `undefined` if there is none. */
  async get(region: string, keyId: string): Promise<Row<KeyRecord> | undefined> {
    const place = keyKey(region, keyId);
    const now = this.#clock();
    const entry = this.#entries.get(place);
    if (entry !== undefined && now >= entry.readAt && now - entry.readAt < this.#maximumAgeMs)
      return entry.row;
    this.#entries.delete(place);
    const generation = this.#generation;
    const record = await this.#database.records.get(place);
    if (record === undefined) return undefined;
    const row = decode<KeyRecord>(record);
    if (generation !== this.#generation) return row;
    this.#entries.set(place, { row, readAt: now });
    if (this.#entries.size > MAXIMUM_ENTRIES) this.#forgetOldest();
    return row;
  }

  /** Drops a record that changed. */
  forget(key: string): void {
    this.#generation++;
    this.#entries.delete(key);
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
