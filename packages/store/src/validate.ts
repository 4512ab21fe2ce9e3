/**
 * The input rules of the store contract, in one place: every adapter asks here first, so that all of them refuse
 * the same things with the same words, and none of them keeps a reference to the caller's bytes.
 *
 * The limits are the smallest common measure of the media behind the contract: 100 items is DynamoDB's limit for
 * a transaction, and 128 KiB is what a Durable Object holds under one key.
 */
import {
  type Check,
  type Commit,
  type ListRange,
  type SetRecord,
  StoreError,
  type StoreKey,
} from "./contract.ts";

/** Characters of the longest key. */
export const MAX_KEY_LENGTH = 512;
/** Bytes of the largest value. */
export const MAX_VALUE_LENGTH = 131_072;
/** Distinct keys of the largest commit, checked, set and deleted ones together. */
export const MAX_COMMIT_KEYS = 100;
/** Records of the longest page that `list` returns. */
export const MAX_LIST_LIMIT = 1000;

const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/** @throws {StoreError} `Malformed`, unless `key` is 1 to 512 characters of 0x21 to 0x7e */
export function checkKey(key: StoreKey): StoreKey {
  if (typeof key !== "string") throw malformed(`a key must be a string, got ${typeof key}`);
  if (key.length < 1 || key.length > MAX_KEY_LENGTH) {
    throw malformed(`a key must be 1 to ${MAX_KEY_LENGTH} characters, got ${key.length}`);
  }
  if (!PRINTABLE_ASCII.test(key))
    throw malformed("a key must be printable ASCII without space (0x21 to 0x7e)");
  return key;
}

/**
 * Checks a range and reads each of its fields once.
 *
 * @throws {StoreError} `Malformed`
 */
export function checkRange(range: ListRange): Required<ListRange> {
  const { start, end, limit, reverse = false } = range;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIST_LIMIT) {
    throw malformed(`a list limit must be 1 to ${MAX_LIST_LIMIT}, got ${String(limit)}`);
  }
  return { start: checkKey(start), end: checkKey(end), limit, reverse };
}

/**
 * Checks a commit and copies it, values included: whatever the caller does to its own objects afterwards, also
 * while the commit waits for its turn, what was checked is what is written.
 *
 * @throws {StoreError} `Malformed`
 */
export function checkCommit(commit: Commit): Commit {
  const checks = Array.from(commit.checks, copyCheck);
  const sets = Array.from(commit.sets, copySet);
  const deletes = Array.from(commit.deletes, checkKey);

  const checked = distinct(
    checks.map((check) => check.key),
    "checks",
  );
  const written = distinct([...sets.map((set) => set.key), ...deletes], "sets and deletes");
  const total = new Set([...checked, ...written]).size;
  if (total > MAX_COMMIT_KEYS) {
    throw malformed(`a commit must touch at most ${MAX_COMMIT_KEYS} distinct keys, got ${total}`);
  }
  return { checks, sets, deletes };
}

function copyCheck({ key, version }: Check): Check {
  return { key: checkKey(key), version: version === null ? null : checkVersion(version) };
}

function copySet({ key, value, version }: SetRecord): SetRecord {
  if (!(value instanceof Uint8Array)) throw malformed("a value must be a Uint8Array");
  if (value.length > MAX_VALUE_LENGTH) {
    throw malformed(`a value must be 0 to ${MAX_VALUE_LENGTH} bytes, got ${value.length}`);
  }
  return { key: checkKey(key), value: copyBytes(value), version: checkVersion(version) };
}

function checkVersion(version: number): number {
  if (!Number.isSafeInteger(version) || version < 1) {
    throw malformed(`a version must be a safe integer of at least 1, got ${String(version)}`);
  }
  return version;
}

function distinct(keys: readonly StoreKey[], where: string): ReadonlySet<StoreKey> {
  const seen = new Set<StoreKey>();
  for (const key of keys) {
    if (seen.has(key)) throw malformed(`key ${key} stands twice among the ${where} of one commit`);
    seen.add(key);
  }
  return seen;
}

/** A copy in memory of its own. Not `slice`, which Node's `Buffer` overrides to return a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

function malformed(message: string): StoreError {
  return new StoreError("Malformed", message);
}
