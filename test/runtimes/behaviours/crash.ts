/**
 * Killed at any moment: a commit that was begun is there whole or not at all, and one that was acknowledged is there.
 *
 * Each commit checks and replaces the record that marks its lane's place, deletes the mark of the one before, and adds parts that only
 * make sense together.
 */
import type { Store } from "kmslite";
import { type PlatformStore, same } from "./platform.ts";

const PARTS = 5;
const LANES = 3;
const VALUE = new Uint8Array(700).fill(7);

/** Writes until it is killed, and tells the name of each commit that was acknowledged. */
export async function writeUntilKilled(
  { lasting }: PlatformStore,
  run: string,
  tell: (name: string) => Promise<void>,
): Promise<never> {
  if (lasting === undefined) throw new TypeError("the store does not outlive a crash");
  const store = await lasting();
  const lane = async (at: number): Promise<void> => {
    for (let round = 0; ; round++) {
      const name = `${run}-${at}-${round}`;
      await write(store, name, round === 0 ? undefined : `${run}-${at}-${round - 1}`);
      await tell(name);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, at) => lane(at)));
  throw new Error("the lanes ended");
}

async function write(store: Store, name: string, before: string | undefined): Promise<void> {
  const parts = Array.from({ length: PARTS }, (_, part) => `batch/${name}/${part}`);
  const applied = await store.commit({
    checks: before === undefined ? [] : [{ key: `mark/${before}`, version: 1 }],
    sets: [...parts, `mark/${name}`].map((key) => ({ key, version: 1, value: VALUE })),
    deletes: before === undefined ? [] : [`mark/${before}`],
  });
  same("applied", applied, true);
}

/** @param acknowledged all that was told, of all runs */
export async function survived({ lasting }: PlatformStore, acknowledged: readonly string[]): Promise<string> {
  if (lasting === undefined) throw new TypeError("the store does not outlive a crash");
  const store = await lasting();
  const parts = new Map<string, number>();
  for (const key of await keysOf(store, "batch")) {
    const name = key.split("/")[1] ?? "";
    parts.set(name, (parts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of parts) same(`parts of ${name}`, count, PARTS);
  for (const name of acknowledged) same(`parts of ${name}, acknowledged`, parts.get(name), PARTS);
  const last = new Map<string, number>();
  for (const name of parts.keys()) {
    const [lane, round] = placeOf(name);
    last.set(lane, Math.max(last.get(lane) ?? 0, round));
  }
  const marks = (await keysOf(store, "mark")).map((key) => key.split("/")[1]);
  same("marks", marks.sort(), [...last].map(([lane, round]) => `${lane}-${round}`).sort());
  await store.close();
  if (acknowledged.length === 0) throw new Error("nothing was acknowledged before the kills");
  return `${acknowledged.length} acknowledged, ${parts.size} there`;
}

function placeOf(name: string): [lane: string, round: number] {
  const cut = name.lastIndexOf("-");
  return [name.slice(0, cut), Number(name.slice(cut + 1))];
}

async function keysOf(store: Store, table: string): Promise<string[]> {
  const keys: string[] = [];
  for (let start = `${table}/`; ; ) {
    const page = await store.list({ start, end: `${table}0`, limit: 1000 });
    keys.push(...page.map(({ key }) => key));
    const last = page.at(-1);
    if (last === undefined) return keys;
    start = `${last.key}!`;
  }
}
