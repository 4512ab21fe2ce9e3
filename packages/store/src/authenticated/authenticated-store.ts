/**
 * A store whose records are authenticated, bound to their place and version, and provably complete.
 *
 * Whoever can write to the database can still make it unusable, and can put back the whole of an older state
 * consistently (SECURITY.md says so); every other change is refused with an {@link IntegrityError}.
 */
import type { HmacSha256Key } from "@kmslite/crypto";
import type { Store, StoreKey, StoreRecord } from "../contract.ts";
import { MAX_LIST_LIMIT } from "../validate.ts";
import { endOf, reaches, sentinelOf, tableOf } from "./chain.ts";
import type { Mutation } from "./mutation.ts";
import { planCommit } from "./plan.ts";
import { type AuthenticRecord, decodeRecord, IntegrityError } from "./record.ts";

/** A page of a table: `start` ≤ key < `end` within one table, at most `limit` records (1 to 1,000). */
export interface AuthenticRange {
  readonly start: StoreKey;
  readonly end: StoreKey;
  readonly limit: number;
}

/** The least character of keys: `key` and it are the first that follows `key`. */
const LEAST = "!";

/** How often a read that raced with a writer is repeated before it is called tampering. */
const READ_ATTEMPTS = 8;

/** Reads and writes authenticated records. */
export class AuthenticatedStore {
  readonly #store: Store;
  readonly #recordKey: HmacSha256Key;

  constructor(store: Store, recordKey: HmacSha256Key) {
    this.#store = store;
    this.#recordKey = recordKey;
  }

  /**
   * The record at `key`, or `undefined` where there provably is none.
   *
   * @throws {IntegrityError} if the record, or the proof of its absence, does not verify
   */
  async get(key: StoreKey): Promise<AuthenticRecord | undefined> {
    const stored = await this.#store.get(key);
    if (stored !== undefined) return this.#decode(stored);
    // Somebody may have made it since: one read finds either it or what proves that it is not there.
    const last = await this.#lastBefore(`${key}${LEAST}`, tableOf(key));
    if (last.key === key) return last;
    if (reaches(last.next, key) && last.next !== key) return undefined;
    throw new IntegrityError(key, "is missing: its predecessor names it, and nobody removed it");
  }

  /**
   * The records of a range in key order.
   *
   * Their predecessor is read along with them, at the same moment, and proves that none is missing before the first.
   *
   * @throws {IntegrityError} if one does not verify, or the links between them do not meet
   */
  async list(range: AuthenticRange): Promise<readonly AuthenticRecord[]> {
    let broken: StoreKey = range.start;
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      const { key: start } = await this.predecessor(range.start);
      const [before, ...page] = await this.#read({ ...range, start, limit: range.limit + 1 });
      // Another predecessor came, or this one went, between the two reads.
      if (before?.key !== start || (page[0] !== undefined && page[0].key < range.start)) continue;
      const gap = firstGap(before, page, range);
      if (gap === undefined) return page;
      broken = gap;
    }
    throw new IntegrityError(broken, "is out of place: the records before and after it do not link to it");
  }

  /**
   * Applies a mutation durably.
   *
   * @returns `false` when a record was changed by somebody else meanwhile, and nothing was done: read again, retry
   */
  async commit(mutation: Mutation): Promise<boolean> {
    const plan = await planCommit(mutation, this.#recordKey, {
      get: (key) => this.get(key),
      predecessor: (key) => this.predecessor(key),
    });
    return plan !== undefined && (await this.#store.commit(plan));
  }

  /** The last record before `key` in its table; the sentinel at least. */
  predecessor(key: StoreKey): Promise<AuthenticRecord> {
    return this.#lastBefore(key, tableOf(key));
  }

  async #lastBefore(end: StoreKey, table: string): Promise<AuthenticRecord> {
    const range = { start: sentinelOf(table), end, limit: 1, reverse: true };
    const [stored] = await this.#store.list(range);
    if (stored === undefined)
      throw new IntegrityError(sentinelOf(table), "is missing: its table has no beginning");
    return this.#decode(stored);
  }

  /** A range of up to one record more than a store gives at once; that one is known by its link. */
  async #read({ start, end, limit }: AuthenticRange): Promise<readonly AuthenticRecord[]> {
    const stored = await this.#store.list({ start, end, limit: Math.min(limit, MAX_LIST_LIMIT) });
    const last = stored.at(-1);
    const more =
      last !== undefined && stored.length === MAX_LIST_LIMIT && limit > MAX_LIST_LIMIT
        ? await this.#store.list({ start: `${last.key}${LEAST}`, end, limit: 1 })
        : [];
    return [...stored, ...more].map((record) => this.#decode(record));
  }

  #decode(stored: StoreRecord): AuthenticRecord {
    return decodeRecord(this.#recordKey, stored);
  }
}

/** The key at which a page does not link up, if there is one. */
function firstGap(
  before: AuthenticRecord,
  page: readonly AuthenticRecord[],
  range: AuthenticRange,
): StoreKey | undefined {
  let last = before;
  for (const record of page) {
    if (last.next !== record.key) return record.key;
    last = record;
  }
  const end = range.end < endOf(tableOf(range.start)) ? range.end : "";
  const complete = page.length === range.limit || (end === "" ? last.next === "" : reaches(last.next, end));
  return complete ? undefined : last.next;
}
