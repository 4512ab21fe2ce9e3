/** What a conformance case is given, and how it says that it failed. */
import { type Store, StoreError, type StoreErrorCode, type StoreRecord } from "../contract.ts";
import type { Random } from "./random.ts";

/** What one case works with. Everything opened here is closed when the case ends. */
interface CaseContext {
  /** An open store on an empty medium of the case's own. */
  readonly store: Store;
  /** A further handle on the same medium, as another process would have. Only in cases that are `persistent`. */
  readonly openAnother: () => Promise<Store>;
  readonly random: Random;
}

/** One sentence of the contract, and the check of it. */
export interface Case {
  readonly name: string;
  /** True if it needs records that outlive the handle, and several handles at once. */
  readonly persistent?: boolean;
  readonly check: (context: CaseContext) => Promise<void>;
}

/** A record as text: equal texts, equal records. */
export function show(record: StoreRecord | undefined): string {
  return record ? `${record.key} @${record.version} [${record.value.join(" ")}]` : "no record";
}

/** Records as text, one a line. */
export function showAll(records: readonly StoreRecord[]): string {
  return records.map(show).join("\n");
}

/** Fails unless `actual` and `expected` are the same primitive value. */
export function same<T extends string | number | boolean>(what: string, actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`${what}: expected ${brief(expected)}, got ${brief(actual)}`);
}

/** Fails unless the operation ends in a {@link StoreError} of this code. */
export async function refused(
  code: StoreErrorCode,
  what: string,
  operation: () => Promise<unknown>,
): Promise<void> {
  let result: unknown;
  try {
    result = await operation();
  } catch (error) {
    if (error instanceof StoreError && error.code === code) return;
    throw new Error(`${what}: expected a StoreError ${code}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`${what}: expected a StoreError ${code}, got ${String(result)}`);
}

/** The one record of `key`, written without conditions. */
export async function put(store: Store, key: string, version: number, value: Uint8Array): Promise<void> {
  const applied = await store.commit({ checks: [], sets: [{ key, value, version }], deletes: [] });
  same(`a commit without checks on ${key}`, applied, true);
}

/** Bytes that are told apart at a glance. */
export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.of(...values);
}

/** All of the store's records, page by page, the way every caller has to do it. */
export async function everything(store: Store, limit = 1000): Promise<StoreRecord[]> {
  const all: StoreRecord[] = [];
  let start = "!";
  for (;;) {
    const page = await store.list({ start, end: "~~", limit });
    // Or else a store that ignores `start` would be paged through for ever.
    if (page.some(({ key }) => key < start)) throw new Error(`a page from ${start} has keys before it`);
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return all;
    start = following(last.key);
  }
}

/**
 * Ends when every task has ended, and then fails with the first failure among them. Unlike `Promise.all` it leaves nothing
 * running behind, which would use the store after the case is over.
 */
export async function allEnded(tasks: readonly Promise<unknown>[]): Promise<void> {
  const failure = (await Promise.allSettled(tasks)).find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
}

/** Repeats `attempt` until it gives `true`; a store that never does is at fault, not a reason to go on for ever. */
export async function until(what: string, attempt: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 10_000; tries++) if (await attempt()) return;
  throw new Error(`${what} did not succeed in 10,000 attempts`);
}

/** The first key after `key`: "!" is the lowest of the characters a key may have. */
export function following(key: string): string {
  return `${key}!`;
}

function brief(value: unknown): string {
  const text = String(value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
