/**
 * The directory's records that this process used lately, so that a request need not read the store to know who sent it.
 *
 * Another process may change them: they are believed for a bounded time only. A change made here is seen at once.
 */
import { decode } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";

/** The entries that entered first leave first. */
const MAXIMUM_ENTRIES = 10_000;

export class RecordCache {
  readonly #runtime: Runtime;
  readonly #entries = new Map<string, { readonly value: unknown; readonly readAt: number }>();
  /** Counts what was dropped: a read that began before is not kept, since it may show what was true before. */
  #generation = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** What a record held at most `keyCacheMs` ago. What is not there is asked for anew each time. */
  async get<Value>(place: string): Promise<Value | undefined> {
    const { clock, keys, database } = this.#runtime;
    const now = clock();
    const entry = this.#entries.get(place);
    const young = entry !== undefined && now >= entry.readAt && now - entry.readAt < keys.maximumAgeMs;
    // Each place holds records of one form.
    if (young) return entry.value as Value;
    const generation = this.#generation;
    const record = await database.records.get(place);
    const value = record === undefined ? undefined : decode<Value>(record).value;
    if (generation !== this.#generation) return value;
    this.#entries.delete(place);
    if (value !== undefined) this.#entries.set(place, { value, readAt: now });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAXIMUM_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }

  /** Drops a record that changed. */
  forget(place: string): void {
    this.#generation++;
    this.#entries.delete(place);
  }
}
