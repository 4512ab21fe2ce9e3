/** Entries of the log in the store, from its records, forwards and backwards. */
import { IntegrityError } from "@kmslite/store/authenticated";
import type { Database } from "../database/database.ts";
import { batchesBefore, batchesFrom, type EntryBatch } from "./log-records.ts";

/** An entry: its number, from 0, and its bytes, which are one line of JSON. */
export interface Entry {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Records that are read at once; each may have 128 KiB. */
const PAGE = 16;

const LINE_FEED = 0x0a;

/**
 * The entries from `start` on and before `end`, in order.
 *
 * @throws {IntegrityError} if some are missing
 */
export async function* entriesFrom(
  database: Database,
  start: number,
  end: number,
): AsyncGenerator<Entry, void, undefined> {
  let next = start;
  // The batch that holds `start` may begin before it.
  let batches = start < end ? await batchesBefore(database, start + 1, 1) : [];
  while (next < end) {
    const from = next;
    for (const batch of batches) {
      for (const entry of entriesOf(batch)) {
        if (entry.index < next) continue;
        if (entry.index > next) break;
        if (next === end) return;
        yield entry;
        next++;
      }
    }
    if (next === from) throw missing(next);
    if (next < end) batches = await batchesFrom(database, next, PAGE);
  }
}

/**
 * The entries before `end`, the newest first.
 *
 * @throws {IntegrityError} if some are missing
 */
export async function* entriesBefore(
  database: Database,
  end: number,
): AsyncGenerator<Entry, void, undefined> {
  let next = end - 1;
  while (next >= 0) {
    const from = next;
    for (const batch of await batchesBefore(database, next + 1, PAGE)) {
      for (const entry of entriesOf(batch).reverse()) {
        if (entry.index > next) continue;
        if (entry.index < next) break;
        yield entry;
        next--;
      }
    }
    if (next === from) throw missing(next);
  }
}

function entriesOf({ first, lines }: EntryBatch): Entry[] {
  const entries: Entry[] = [];
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(LINE_FEED, start);
    entries.push({ index: first + entries.length, bytes: lines.subarray(start, end) });
    start = end + 1;
  }
  return entries;
}

function missing(index: number): IntegrityError {
  return new IntegrityError(`audit-log/entry/${index}`, "is missing from the audit log");
}
