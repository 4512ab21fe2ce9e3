/**
 * The store in Deno KV, on a disk or in Deno Deploy.
 *
 * - A commit is one atomic operation that checks the versionstamp of every record it touches; if another one came between, it is
 *   looked at anew.
 * - Deno KV takes 64 KiB under a key, so a longer value is cut: the first part lies with the record, the others under a name
 *   that is new each time, written and removed with it.
 * - A list is read until two passes agree, because it comes in batches that are not of one moment.
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

type KvKey = readonly (string | number)[];

/** An entry as Deno KV gives it; both are null where there is none. */
export interface KvEntry {
  readonly key: KvKey;
  readonly value: unknown;
  readonly versionstamp: string | null;
}

/** As much of `Deno.Kv` as the store needs. */
export interface DenoKv {
  get(key: KvKey): Promise<KvEntry>;
  getMany(keys: readonly KvKey[]): Promise<readonly KvEntry[]>;
  list(
    selector: { readonly start: KvKey; readonly end: KvKey },
    options: { readonly limit: number; readonly reverse: boolean },
  ): AsyncIterable<KvEntry>;
  atomic(): DenoKvAtomic;
  close(): void;
}

/** `Deno.AtomicOperation`. */
export interface DenoKvAtomic {
  check(...checks: { readonly key: KvKey; readonly versionstamp: string | null }[]): DenoKvAtomic;
  set(key: KvKey, value: unknown): DenoKvAtomic;
  delete(key: KvKey): DenoKvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

export interface DenoKvStoreOptions {
  /** First part of every key. Default `kmslite`. */
  readonly prefix?: string;
  /** Milliseconds that conflicts with others may take before an operation is given up as `Unavailable`. Default 5,000. */
  readonly timeout?: number;
}

/** What lies under a record's key. */
interface Stored {
  readonly version: number;
  readonly value: Uint8Array;
  /** Where the rest of the value lies, and in how many parts. */
  readonly rest?: { readonly name: string; readonly parts: number };
}

/** Bytes of value under one key: 64 KiB, with room for what else stands there. */
const PART = 60_000;
/** Keys that `getMany` takes at once. */
const AT_ONCE = 10;
/** Deno KV takes 800 KiB in one atomic operation; its own encoding takes part of it. */
const MAX_COMMIT_BYTES = 780_000;

/**
 * Opens the store over a database that {@link https://docs.deno.com/api/deno/~/Deno.openKv | Deno.openKv} opened; closing the
 * store closes it.
 */
export function denoKvStore(kv: DenoKv, options: DenoKvStoreOptions = {}): Store {
  return new DenoKvStore(kv, options.prefix ?? "kmslite", options.timeout ?? 5000);
}

class DenoKvStore implements Store {
  readonly #kv: DenoKv;
  readonly #prefix: string;
  readonly #timeout: number;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(kv: DenoKv, prefix: string, timeout: number) {
    this.#kv = kv;
    this.#prefix = prefix;
    this.#timeout = timeout;
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    checkKey(key);
    return this.#run(() =>
      this.#until(`record ${key}`, async () => {
        const entry = await this.#kv.get(this.#keyOf(key));
        if (entry.versionstamp === null) return { answer: undefined };
        const record = await this.#whole(key, storedOf(entry));
        return record === undefined ? undefined : { answer: record };
      }),
    );
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    const checked = checkRange(range);
    return this.#run(() => {
      let before: string | undefined;
      return this.#until(`the range from ${checked.start}`, async () => {
        const { start, end, limit, reverse } = checked;
        if (start >= end) return { answer: [] };
        const entries: KvEntry[] = [];
        const selector = { start: this.#keyOf(start), end: this.#keyOf(end) };
        for await (const entry of this.#kv.list(selector, { limit, reverse })) entries.push(entry);
        const seen = entries.map(({ key, versionstamp }) => `${key.at(-1)} ${versionstamp}`).join("\n");
        const agree = seen === before || entries.length <= 1;
        before = seen;
        if (!agree) return undefined;
        const records = await Promise.all(
          entries.map((entry) => this.#whole(String(entry.key.at(-1)), storedOf(entry))),
        );
        return records.includes(undefined) ? undefined : { answer: records as StoreRecord[] };
      });
    });
  }

  async commit(commit: Commit): Promise<boolean> {
    const checked = checkCommit(commit);
    const size = checked.sets.reduce((sum, { key, value }) => sum + 2 * key.length + value.length + 100, 0);
    if (size > MAX_COMMIT_BYTES) {
      throw new StoreError(
        "Malformed",
        `a commit must write at most 780,000 bytes in Deno KV, got about ${size}`,
      );
    }
    return this.#run(() => this.#until("a commit", () => this.#attempt(checked)));
  }

  /** Operations that were begun are finished first. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.#kv.close());
    return this.#closing;
  }

  /** One attempt; no answer if another commit came between. */
  async #attempt({ checks, sets, deletes }: Commit): Promise<{ readonly answer: boolean } | undefined> {
    const written = [...sets.map(({ key }) => key), ...deletes];
    const keys = [...new Set([...checks.map(({ key }) => key), ...written])];
    const entries = new Map<StoreKey, KvEntry>();
    for (let from = 0; from < keys.length; from += AT_ONCE) {
      const some = keys.slice(from, from + AT_ONCE);
      const found = await this.#kv.getMany(some.map((key) => this.#keyOf(key)));
      for (const [index, key] of some.entries()) entries.set(key, found[index] as KvEntry);
    }
    for (const { key, version } of checks) {
      const entry = entries.get(key) as KvEntry;
      if ((entry.versionstamp === null ? null : storedOf(entry).version) !== version)
        return { answer: false };
    }
    const atomic = this.#kv.atomic();
    for (const [key, { versionstamp }] of entries) atomic.check({ key: this.#keyOf(key), versionstamp });
    for (const key of written) {
      const entry = entries.get(key) as KvEntry;
      if (entry.versionstamp !== null)
        for (const part of this.#partsOf(key, storedOf(entry))) atomic.delete(part);
    }
    for (const key of deletes) atomic.delete(this.#keyOf(key));
    for (const set of sets) {
      const parts = Math.ceil(set.value.length / PART) - 1;
      const rest = parts > 0 ? { rest: { name: crypto.randomUUID(), parts } } : {};
      const stored: Stored = { version: set.version, value: set.value.slice(0, PART), ...rest };
      atomic.set(this.#keyOf(set.key), stored);
      for (const [index, part] of this.#partsOf(set.key, stored).entries())
        atomic.set(part, set.value.slice((index + 1) * PART, (index + 2) * PART));
    }
    return (await atomic.commit()).ok ? { answer: true } : undefined;
  }

  /** The record with all parts of its value; undefined if it was replaced in the meantime. */
  async #whole(key: StoreKey, stored: Stored): Promise<StoreRecord | undefined> {
    const parts = this.#partsOf(key, stored);
    if (parts.length === 0) return { key, version: stored.version, value: stored.value };
    const found = (await this.#kv.getMany(parts)).map(({ value }) => value);
    if (!found.every((part) => part instanceof Uint8Array)) return undefined;
    const all = [stored.value, ...found];
    const value = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of all) {
      value.set(part, offset);
      offset += part.length;
    }
    return { key, version: stored.version, value };
  }

  #keyOf(key: StoreKey): KvKey {
    return [this.#prefix, "record", key];
  }

  #partsOf(key: StoreKey, { rest }: Stored): KvKey[] {
    if (rest === undefined) return [];
    return Array.from({ length: rest.parts }, (_, index) => [this.#prefix, "part", key, rest.name, index]);
  }

  /** Tries again, after pauses of random length, until there is an answer. */
  async #until<T>(what: string, attempt: () => Promise<{ readonly answer: T } | undefined>): Promise<T> {
    const deadline = performance.now() + this.#timeout;
    for (let bound = 2; ; bound = Math.min(bound * 2, 100)) {
      const outcome = await attempt().catch(unlessLocked);
      if (outcome !== undefined) return outcome.answer;
      if (performance.now() >= deadline)
        throw new StoreError("Unavailable", `${what}: others change it faster than it can be done`);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
    }
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreError("Closed", "the store is closed");
    const running = operation();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError("Unavailable", `Deno KV failed: ${String(error)}`, { cause: error });
    } finally {
      this.#running.delete(running);
    }
  }
}

/** Another process writes to the same file: nothing has been done, and it can be tried again. */
function unlessLocked(error: unknown): undefined {
  if (error instanceof Error && error.message.includes("database is locked")) return undefined;
  throw error;
}

/** What is read is input: somebody may have edited the database. */
function storedOf({ value }: KvEntry): Stored {
  const stored = (value ?? {}) as Partial<Stored>;
  const { version, rest } = stored;
  const fits =
    stored.value instanceof Uint8Array &&
    Number.isSafeInteger(version) &&
    (version as number) >= 1 &&
    (rest === undefined ||
      (typeof rest.name === "string" &&
        Number.isInteger(rest.parts) &&
        rest.parts >= 1 &&
        rest.parts < AT_ONCE));
  if (!fits)
    throw new StoreError(
      "Unavailable",
      "the Deno KV database is damaged: an entry has fields never written so",
    );
  return stored as Stored;
}
