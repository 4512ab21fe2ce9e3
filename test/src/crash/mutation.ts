/**
 * The commit under which stores are cut off at every step: checks, and records replaced, added and deleted, some of them longer
 * than a page of a database.
 */
import type { Commit, SetRecord, Store } from "@kmslite/store";

const PAGES = 9000;

const BEFORE: readonly SetRecord[] = [
  ...Array.from({ length: 8 }, (_, index) => record(`kept/${index}`, 1, 100)),
  ...Array.from({ length: 8 }, (_, index) => record(`passing/${index}`, 1, index === 0 ? PAGES : 100)),
];

/** A commit of the contract that a store makes from {@link writeBefore}. */
export const MUTATION: Commit = {
  checks: [
    ...BEFORE.map(({ key, version }) => ({ key, version })),
    { key: "new/0", version: null },
    { key: "new/1", version: null },
  ],
  sets: [
    ...Array.from({ length: 8 }, (_, index) => record(`kept/${index}`, 2, index === 7 ? PAGES : 150)),
    ...Array.from({ length: 8 }, (_, index) => record(`new/${index}`, 1, index === 3 ? PAGES : 400)),
  ],
  deletes: Array.from({ length: 8 }, (_, index) => `passing/${index}`),
};

/** What a store holds: all of the commit, nothing of it, or a text that says which records are there. */
export type Found = "nothing" | "all" | `neither: ${string}`;

/** Brings a store into the state that {@link MUTATION} is made from, whatever it held of either. */
export async function writeBefore(store: Store): Promise<void> {
  const deletes = MUTATION.sets.map(({ key }) => key).filter((key) => !key.startsWith("kept/"));
  await store.commit({ checks: [], sets: BEFORE, deletes });
}

export async function found(store: Store): Promise<Found> {
  const records = show(await store.list({ start: "!", end: "~", limit: 1000 }));
  if (records === show(BEFORE)) return "nothing";
  return records === show(MUTATION.sets) ? "all" : `neither: ${records}`;
}

/** The value tells the record and its version apart in every byte. */
function record(key: string, version: number, length: number): SetRecord {
  const digit = key.charCodeAt(key.length - 1);
  return { key, version, value: new Uint8Array(length).fill((digit + 64 * version) % 256) };
}

/** Equal texts, equal records. */
function show(records: readonly SetRecord[]): string {
  return records
    .map(({ key, version, value }) => `${key} @${version} ${value.length} × ${[...new Set(value)].join(",")}`)
    .sort()
    .join("; ");
}
