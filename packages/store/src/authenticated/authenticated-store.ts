/**
 * A store whose records are authenticated, bound to their place and version, and provably complete.
 *
 * Whoever can write to the database can still make it unusable, and can put back the whole of an older state
 * consistently (SECURITY.md says so); every other change is refused with an {@link IntegrityError}.
 */
import type { HmacSha256Key } from "@kmslite/crypto";
import type { Store, StoreKey, StoreRecord } from "../contract.ts";
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
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      const stored = await this.#store.get(key);
      if (stored !== undefined) return this.#decode(stored);
      const before = await this.predecessor(key);
      if (reaches(before.next, key) && before.next !== key) return undefined;
    }
    throw new IntegrityError(key, "is missing: its predecessor names it, and nobody removed it");
  }

  /**
   * The records of a range in key order.
   *
   * @throws {IntegrityError} if one does not verify, or the links between them do not meet
   */
  async list(range: AuthenticRange): Promise<readonly AuthenticRecord[]> {
    let broken: StoreKey = range.start;
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      const before = await this.predecessor(range.start);
      const page = (await this.#store.list(range)).map((stored) => this.#decode(stored));
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
  async predecessor(key: StoreKey): Promise<AuthenticRecord> {
    const table = tableOf(key);
    const range = { start: sentinelOf(table), end: key, limit: 1, reverse: true };
    const [stored] = await this.#store.list(range);
    if (stored === undefined)
      throw new IntegrityError(sentinelOf(table), "is missing: its table has no beginning");
    return this.#decode(stored);
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
