/**
 * The log in the store, as those who append to it see it: groups of events become entries of the Merkle tree, in one commit each.
 * Several processes may append to one log; who comes second reads the head anew and tries again.
 */
import { concatBytes } from "@kmslite/crypto";
import type { Database } from "../database/database.ts";
import type { AuditEvent } from "./event.ts";
import type { Frontier } from "./frontier.ts";
import { appendToLog, beginLog, type EntryBatch, type Head, readHead, SUBTREE_SIZE } from "./log-records.ts";
import { leafHash } from "./merkle.ts";

/** Bytes of a record of entries; the store's limit is 131,072, of which the record's tag and links need a little. */
const MAXIMUM_BATCH = 130_000;

/** Bytes of entries in one commit, and so at most eight records and as many subtrees. */
const MAXIMUM_COMMIT = 8 * MAXIMUM_BATCH;

/** An event beyond this is kept without its parameters. */
const MAXIMUM_ENTRY = 100_000;

/** How often an append runs again because other processes appended. */
const MAXIMUM_ATTEMPTS = 100;

const encoder = new TextEncoder();
const LINE_FEED = Uint8Array.of(0x0a);

export class StoreLog {
  readonly #database: Database;
  /** As this process left it, or read it last. */
  #head: Head | undefined;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Opens the log, and makes it if there is none. */
  static async open(database: Database, now: number): Promise<StoreLog> {
    await beginLog(database, now);
    return new StoreLog(database);
  }

  /** Appends events durably, in order. */
  async append(events: readonly AuditEvent[]): Promise<void> {
    let entries: Uint8Array[] = [];
    let bytes = 0;
    for (const event of events) {
      const entry = entryOf(event);
      if (bytes + entry.length + 1 > MAXIMUM_COMMIT) {
        await this.#append(entries);
        [entries, bytes] = [[], 0];
      }
      entries.push(entry);
      bytes += entry.length + 1;
    }
    await this.#append(entries);
  }

  async #append(entries: readonly Uint8Array[]): Promise<void> {
    for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
      const head = this.#head ?? (await readHead(this.#database));
      // Unknown until the commit is known to have happened.
      this.#head = undefined;
      const appended = await appendToLog(this.#database, head, growth(head.frontier, entries));
      if (appended !== undefined) {
        this.#head = appended;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, 50)));
    }
    throw new Error("The audit log is being written by too many others");
  }
}

/** One line of JSON. */
function entryOf(event: AuditEvent): Uint8Array {
  const entry = encoder.encode(JSON.stringify(event));
  if (entry.length <= MAXIMUM_ENTRY) return entry;
  const omitted = { omitted: true, originalSize: entry.length, reason: "The event was too large" };
  return encoder.encode(JSON.stringify({ ...event, requestParameters: omitted, responseElements: null }));
}

function growth(from: Frontier, entries: readonly Uint8Array[]): Parameters<typeof appendToLog>[2] {
  const frontier = from.copy();
  const subtrees = new Map<number, Uint8Array>();
  const batches: EntryBatch[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let first = frontier.size;
  const close = () => {
    if (parts.length > 0) batches.push({ first, lines: concatBytes(...parts) });
    [parts, bytes, first] = [[], 0, frontier.size];
  };
  for (const entry of entries) {
    if (bytes + entry.length + 1 > MAXIMUM_BATCH) close();
    parts.push(entry, LINE_FEED);
    bytes += entry.length + 1;
    frontier.append(leafHash(entry), (height, hash) => {
      if (2 ** height === SUBTREE_SIZE) subtrees.set((frontier.size + 1) / SUBTREE_SIZE - 1, hash);
    });
  }
  close();
  return { frontier, batches, subtrees };
}
