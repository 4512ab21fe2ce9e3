/**
 * The audit log in the store:
 *
 * | key                              | holds                                                                            |
 * | -------------------------------- | -------------------------------------------------------------------------------- |
 * | `audit/log`                      | that there is a log, since when, and its origin; in a table, so that it can't vanish |
 * | `audit-log/head`                 | the right edge of its Merkle tree                                                |
 * | `audit-log/entry/<first number>` | entries one after the other: JSON, each ended by a line feed                     |
 * | `audit-log/subtree/<number>`     | the hash of 256 entries that are complete                                        |
 *
 * The last three are authenticated one by one, like all records, but need no chain: the head says how many entries there are, and
 * what they hash to. So an append writes two records and reads none.
 */
import type { SetRecord } from "@kmslite/store";
import { decodeRecord, encodeRecord, firstVersion, IntegrityError } from "@kmslite/store/authenticated";
import type { Database } from "../database/database.ts";
import { decode, encode } from "../database/records.ts";
import { Frontier } from "./frontier.ts";

const LOG = "audit/log";
const HEAD = "audit-log/head";

/** Entries in a subtree whose hash has a record of its own. */
export const SUBTREE_SIZE = 256;
/** What never changes of a log. */
export interface LogRecord {
  /** Names the log in checkpoints: no other has the same. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The head as it was read. */
export interface Head {
  readonly version: number;
  readonly frontier: Frontier;
}

/** Entries that are kept together: JSON lines, and the number of the first. */
export interface EntryBatch {
  readonly first: number;
  readonly lines: Uint8Array;
}

/** What an append adds. */
export interface Growth {
  readonly frontier: Frontier;
  readonly batches: readonly EntryBatch[];
  /** Subtrees of {@link SUBTREE_SIZE} that it completes, by number. */
  readonly subtrees: ReadonlyMap<number, Uint8Array>;
}

/** The log's own record, or `undefined` if there is no log. */
export async function readLog(database: Database): Promise<LogRecord | undefined> {
  const record = await database.records.get(LOG);
  return record === undefined ? undefined : decode<LogRecord>(record).value;
}

/** Makes the log if there is none. Several processes may do so at the same time. */
export async function beginLog(database: Database, now: number): Promise<LogRecord> {
  for (;;) {
    const log = await readLog(database);
    if (log !== undefined) return log;
    // The head first: once there is a log, a head that is missing was taken away.
    const version = firstVersion();
    await database.store.commit({
      checks: [{ key: HEAD, version: null }],
      sets: [encoded(database, HEAD, version, new Frontier().encode())],
      deletes: [],
    });
    const begun: LogRecord = { origin: `kmslite/audit/${database.keyring.id}`, createdAt: now };
    await database.records.commit({ inserts: [{ key: LOG, payload: encode(begun) }] });
  }
}

/** @throws {IntegrityError} if the head is missing or was edited */
export async function readHead(database: Database): Promise<Head> {
  const stored = await database.store.get(HEAD);
  if (stored === undefined) throw new IntegrityError(HEAD, "is missing: the audit log has no head");
  const { version, payload } = decodeRecord(database.recordKey, stored);
  return { version, frontier: Frontier.decode(payload) };
}

/** Appends durably; `undefined` if somebody else appended meanwhile, and nothing was done. */
export async function appendToLog(
  database: Database,
  head: Head,
  { frontier, batches, subtrees }: Growth,
): Promise<Head | undefined> {
  const version = head.version + 1;
  const applied = await database.store.commit({
    checks: [{ key: HEAD, version: head.version }],
    sets: [
      encoded(database, HEAD, version, frontier.encode()),
      ...batches.map(({ first, lines }) => encoded(database, entryKey(first), 1, lines)),
      ...[...subtrees].map(([number, hash]) => encoded(database, subtreeKey(number), 1, hash)),
    ],
    deletes: [],
  });
  return applied ? { version, frontier } : undefined;
}

/** The batches that hold entries before `end`, the newest first. */
export async function batchesBefore(
  database: Database,
  end: number,
  limit: number,
): Promise<readonly EntryBatch[]> {
  const range = { start: ENTRY, end: entryKey(end), limit, reverse: true };
  const stored = await database.store.list(range);
  return stored.map((record) => {
    const { key, payload } = decodeRecord(database.recordKey, record);
    return { first: Number(key.slice(ENTRY.length)), lines: payload };
  });
}

/** The batches that begin at `start` or later, in order. */
export async function batchesFrom(
  database: Database,
  start: number,
  limit: number,
): Promise<readonly EntryBatch[]> {
  const stored = await database.store.list({ start: entryKey(start), end: `${ENTRY}~`, limit });
  return stored.map((record) => {
    const { key, payload } = decodeRecord(database.recordKey, record);
    return { first: Number(key.slice(ENTRY.length)), lines: payload };
  });
}

/** The hash of a complete subtree. @throws {IntegrityError} if it is missing or was edited */
export async function readSubtree(database: Database, number: number): Promise<Uint8Array> {
  const stored = await database.store.get(subtreeKey(number));
  if (stored === undefined) throw new IntegrityError(subtreeKey(number), "is missing from the audit log");
  return decodeRecord(database.recordKey, stored).payload;
}

const ENTRY = "audit-log/entry/";

function entryKey(first: number): string {
  return `${ENTRY}${String(first).padStart(16, "0")}`;
}

function subtreeKey(number: number): string {
  return `audit-log/subtree/${String(number).padStart(14, "0")}`;
}

function encoded(database: Database, key: string, version: number, payload: Uint8Array): SetRecord {
  return { key, version, value: encodeRecord(database.recordKey, { key, version, payload, next: "" }) };
}
