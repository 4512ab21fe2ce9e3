/**
 * Turns a mutation of authenticated records into one commit of the store.
 *
 * Inserting and removing also change the predecessor, whose link must follow; several changes of one commit may
 * meet in the same predecessor, so they are planned one after the other over what the earlier ones left.
 */
import type { HmacSha256Key } from "@kmslite/crypto";
import type { Check, Commit, SetRecord, StoreKey, Version } from "../contract.ts";
import { sentinelOf, tableOf } from "./chain.ts";
import type { Mutation } from "./mutation.ts";
import { type AuthenticRecord, encodeRecord } from "./record.ts";

/** Verified reads of the store. */
export interface Reader {
  get(key: StoreKey): Promise<AuthenticRecord | undefined>;
  predecessor(key: StoreKey): Promise<AuthenticRecord>;
}

/** A record as the commit will leave it. */
interface Planned {
  /** The version to find before the commit; `null` when there is no record yet. */
  readonly found: Version | null;
  readonly record: AuthenticRecord;
  readonly removed: boolean;
  readonly changed: boolean;
}

/** The commit, or `undefined` when what was read has changed meanwhile and the caller must read again. */
export async function planCommit(
  mutation: Mutation,
  recordKey: HmacSha256Key,
  reader: Reader,
): Promise<Commit | undefined> {
  const planned = new Map<StoreKey, Planned>();
  const plan = (found: Version | null, record: AuthenticRecord, how: Partial<Planned>) =>
    planned.set(record.key, { found, record, removed: false, changed: true, ...how });

  for (const record of mutation.unchanged ?? []) plan(record.version, record, { changed: false });
  for (const { record, payload } of mutation.updates ?? []) plan(record.version, { ...record, payload }, {});
  for (const record of mutation.removals ?? []) {
    const current = planned.get(record.key)?.record ?? record;
    const before = await livePredecessor(record.key, planned, reader);
    if (before.record.next !== record.key) return undefined;
    plan(record.version, current, { removed: true });
    plan(before.found, { ...before.record, next: current.next }, {});
  }
  for (const { key, payload } of mutation.inserts ?? []) {
    const before = await livePredecessor(key, planned, reader);
    const { next } = before.record;
    if (next !== "" && next <= key) return undefined;
    plan(null, { key, payload, version: firstVersion(), next }, {});
    plan(before.found, { ...before.record, next: key }, {});
  }
  return toCommit(planned, recordKey);
}

/** The last live record before `key`, counting what this commit inserts and leaving out what it removes. */
async function livePredecessor(
  key: StoreKey,
  planned: ReadonlyMap<StoreKey, Planned>,
  reader: Reader,
): Promise<Planned> {
  let stored = await reader.predecessor(key);
  while (planned.get(stored.key)?.removed === true) stored = await reader.predecessor(stored.key);
  let best = planned.get(stored.key) ?? {
    found: stored.version,
    record: stored,
    removed: false,
    changed: false,
  };
  for (const candidate of planned.values()) {
    const { key: place } = candidate.record;
    const eligible = !candidate.removed && place < key && place.startsWith(tableOf(key));
    if (eligible && place > best.record.key) best = candidate;
  }
  return best;
}

function toCommit(planned: ReadonlyMap<StoreKey, Planned>, recordKey: HmacSha256Key): Commit {
  const checks: Check[] = [];
  const sets: SetRecord[] = [];
  const deletes: StoreKey[] = [];
  for (const [key, { found, record, removed, changed }] of planned) {
    checks.push({ key, version: found });
    if (removed) deletes.push(key);
    else if (changed) {
      const version = found === null ? record.version : found + 1;
      sets.push({ key, version, value: encodeRecord(recordKey, { ...record, version }) });
    }
  }
  return { checks, sets, deletes };
}

/** Random, so that a record that is made again never repeats the versions of the one before it. */
export function firstVersion(): Version {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0xffff) * 2 ** 32 + low + 1;
}

/** The commit that begins tables: a sentinel each, where there was none. */
export function beginTables(recordKey: HmacSha256Key, tables: readonly string[]): Commit {
  const sets = tables.map((table): SetRecord => {
    const record = { key: sentinelOf(table), version: firstVersion(), payload: new Uint8Array(0), next: "" };
    return { key: record.key, version: record.version, value: encodeRecord(recordKey, record) };
  });
  return { checks: sets.map(({ key }) => ({ key, version: null })), sets, deletes: [] };
}
