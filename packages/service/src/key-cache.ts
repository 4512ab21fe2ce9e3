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

/** The entries that entered first leave first. */
const MAXIMUM_ENTRIES = 10_000;

export class KeyCache {
  readonly #database: Database;
  readonly #clock: () => number;
  readonly maximumAgeMs: number;
  /** By key id, then by Region: a key has the same id in each Region that it is in. */
  readonly #entries = new Map<string, Map<string, Entry>>();
  #size = 0;
  /** Counts what was dropped: a read that began before is not kept, since it may show what was true before. */
  #generation = 0;

  /** @param maximumAgeMs how long a change made by another process may go unseen */
  constructor(database: Database, clock: () => number, maximumAgeMs: number) {
    this.#database = database;
    this.#clock = clock;
    this.maximumAgeMs = maximumAgeMs;
  }

  /** The key if it is in memory and young enough. */
  recall(region: string, keyId: string, now: number): Row<KeyRecord> | undefined {
    const entry = this.#entries.get(keyId)?.get(region);
    const young = entry !== undefined && now >= entry.readAt && now - entry.readAt < this.maximumAgeMs;
    return young ? entry.row : undefined;
  }

  /** The key as it stands in the store now, or `undefined` if there is none. */
  async read(region: string, keyId: string): Promise<Row<KeyRecord> | undefined> {
    const generation = this.#generation;
    const readAt = this.#clock();
    const record = await this.#database.records.get(keyKey(region, keyId));
    if (record === undefined) {
      this.#drop(region, keyId);
      return undefined;
    }
    const row = decode<KeyRecord>(record);
    if (generation !== this.#generation) return row;
    this.#drop(region, keyId);
    this.#keep(region, keyId, { row, readAt });
    return row;
  }

  /** Drops a record that changed. */
  forget(key: string): void {
    this.#generation++;
    const [table, region = "", keyId = ""] = key.split("/");
    if (table === "key") this.#drop(region, keyId);
  }

  #keep(region: string, keyId: string, entry: Entry): void {
    const regions = this.#entries.get(keyId);
    if (regions === undefined) this.#entries.set(keyId, new Map([[region, entry]]));
    else regions.set(region, entry);
    this.#size++;
    if (this.#size > MAXIMUM_ENTRIES) this.#forgetOldest();
  }

  #drop(region: string, keyId: string): void {
    const regions = this.#entries.get(keyId);
    if (regions?.delete(region) !== true) return;
    this.#size--;
    if (regions.size === 0) this.#entries.delete(keyId);
  }

  #forgetOldest(): void {
    for (const [keyId, regions] of this.#entries) {
      this.#entries.delete(keyId);
      this.#size -= regions.size;
      return;
    }
  }
}
