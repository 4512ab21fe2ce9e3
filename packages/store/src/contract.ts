/**
 * The store contract: ordered keys, versioned records, and one atomic commit.
 *
 * It is the shape that Deno KV, DynamoDB transactions, Durable Objects and SQL can all honour, so every adapter
 * is thin. A store knows bytes and places; what a record means, and whether it is authentic, is decided above it.
 */

/** A place in the store: 1 to 512 printable ASCII characters without space (0x21 to 0x7e), ordered bytewise. */
export type StoreKey = string;

/**
 * The version of a record: a safe integer of at least 1, chosen by the writer. Writers start a new record at a
 * random version and add one at every update, so that a record deleted and made again is not taken for the old one.
 */
export type Version = number;

/** One record as the store holds it. `value` belongs to the caller: it is a copy, 0 to 131,072 bytes. */
export interface StoreRecord {
  readonly key: StoreKey;
  readonly value: Uint8Array;
  readonly version: Version;
}

/** Which part of the key order to list: `start` ≤ key < `end`, at most `limit` records (1 to 1,000). */
export interface ListRange {
  readonly start: StoreKey;
  readonly end: StoreKey;
  readonly limit: number;
  /** From the last key to the first when true. */
  readonly reverse?: boolean;
}

/** A condition of a commit: the record is still at this version, or absent when `null`. */
export interface Check {
  readonly key: StoreKey;
  readonly version: Version | null;
}

/** A record to write, in place of whatever was there. */
export interface SetRecord {
  readonly key: StoreKey;
  readonly value: Uint8Array;
  readonly version: Version;
}

/**
 * Checks, sets and deletes that happen together or not at all. A key stands at most once among `sets` and `deletes`
 * together, and at most once among `checks`. At most 100 distinct keys (DynamoDB's limit for a transaction).
 */
export interface Commit {
  readonly checks: readonly Check[];
  readonly sets: readonly SetRecord[];
  readonly deletes: readonly StoreKey[];
}

/** Where KMSLite keeps its records. Safe for concurrent use; operations are linearizable. */
export interface Store {
  /** The record at `key`, or `undefined`. Sees every commit that was acknowledged before the call. */
  get(key: StoreKey): Promise<StoreRecord | undefined>;
  /** The records of a range in key order, from one consistent moment. */
  list(range: ListRange): Promise<readonly StoreRecord[]>;
  /**
   * Applies a commit, durably before the promise resolves.
   *
   * @returns `true` when it was applied, `false` when a check did not hold and nothing was changed
   * @throws {StoreError} when the commit is malformed, the store is closed, or the medium failed. After `Unavailable`
   * the commit may have happened or not (the answer can be lost after the deed): read again to know. With checks on the
   * records that it writes, the same commit can be sent again without harm.
   */
  commit(commit: Commit): Promise<boolean>;
  /** Releases what the store holds. Calls after it throw a {@link StoreError}; closing twice is harmless. */
  close(): Promise<void>;
}

/** Why a store refused: `Malformed` input, `Closed` store, `Unavailable` medium (busy, full, broken). */
export type StoreErrorCode = "Malformed" | "Closed" | "Unavailable";

/** The only error a store throws. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
