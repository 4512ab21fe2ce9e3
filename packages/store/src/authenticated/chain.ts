/**
 * Tables as chains: every record authenticates the key that follows it.
 *
 * A tag alone proves that what is there is ours, not that nothing is missing. So the records of a table form a chain,
 * in the manner of DNSSEC's NSEC records (RFC 4034 §4), that begins at a sentinel: absence of a key is proven by its
 * predecessor, whose successor lies beyond it, and a page of a list is complete when its links meet.
 */
import type { StoreKey } from "../contract.ts";

/** The table of a key: everything up to and with the first slash. */
export function tableOf(key: StoreKey): string {
  const slash = key.indexOf("/");
  if (slash < 1 || slash === key.length - 1) throw new RangeError(`Store key '${key}' names no table`);
  return key.slice(0, slash + 1);
}

/** The first record of a table. It has no payload, and sorts before any other since "!" is the least character. */
export function sentinelOf(table: string): StoreKey {
  return `${table}!`;
}

/** The first key after every key of a table ("0" follows "/"). */
export function endOf(table: string): StoreKey {
  return `${table.slice(0, -1)}0`;
}

/** Whether a successor lies at `bound` or beyond it; the empty successor ends the table. */
export function reaches(next: StoreKey, bound: StoreKey): boolean {
  return next === "" || next >= bound;
}
