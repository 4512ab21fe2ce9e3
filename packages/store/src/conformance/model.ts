/** The store against the plainest store there could be: after every step of a random sequence both agree. */
import type { Check, Commit, ListRange, StoreRecord } from "../contract.ts";
import { type Case, everything, same, show, showAll } from "./case.ts";
import type { Random } from "./random.ts";

const STEPS = 400;
/** Few keys, of several lengths and with common prefixes, so that they meet often. */
const KEYS = ["!", "A", "a", "a!", "a/1", "a/10", "a/2", "ab", "b", "k/x", "k/y", "z", "~"];

export const model: readonly Case[] = [
  {
    name: `${STEPS} random gets, lists and commits give what a plain map gives`,
    check: async ({ store, random }) => {
      const plain = new PlainStore();
      for (let step = 0; step < STEPS; step++) {
        const kind = random.below(4);
        if (kind === 0) {
          const key = random.pick(KEYS);
          same(`step ${step}, get ${key}`, show(await store.get(key)), show(plain.records.get(key)));
        } else if (kind === 1) {
          const range = randomRange(random);
          const what = `step ${step}, list ${JSON.stringify(range)}`;
          same(what, showAll(await store.list(range)), showAll(plain.list(range)));
        } else {
          const commit = randomCommit(random, plain);
          const what = `step ${step}, commit of ${JSON.stringify(commit.checks)}`;
          same(what, await store.commit(commit), plain.commit(commit));
        }
      }
      same("all records at the end", showAll(await everything(store, 3)), showAll(plain.list(WHOLE)));
    },
  },
];

const WHOLE: ListRange = { start: "!", end: "~~", limit: 1000 };

class PlainStore {
  readonly records: Map<string, StoreRecord> = new Map();

  list({ start, end, limit, reverse }: ListRange): StoreRecord[] {
    const inside = [...this.records.values()].filter(({ key }) => start <= key && key < end);
    inside.sort((a, b) => (a.key < b.key ? -1 : 1));
    return (reverse ? inside.reverse() : inside).slice(0, limit);
  }

  commit({ checks, sets, deletes }: Commit): boolean {
    if (checks.some(({ key, version }) => (this.records.get(key)?.version ?? null) !== version)) return false;
    for (const key of deletes) this.records.delete(key);
    for (const { key, version, value } of sets) this.records.set(key, { key, version, value });
    return true;
  }
}

function randomRange(random: Random): ListRange {
  return {
    start: random.pick(KEYS),
    end: random.pick([...KEYS, "~~"]),
    limit: random.pick([1, 2, 5, 1000]),
    reverse: random.below(2) === 0,
  };
}

/** Checks are mostly right, so that most commits of several checks are applied, and some are not. */
function randomCommit(random: Random, plain: PlainStore): Commit {
  const checks: Check[] = [];
  const sets: StoreRecord[] = [];
  const deletes: string[] = [];
  for (const key of KEYS) {
    const current = plain.records.get(key)?.version ?? null;
    if (random.below(4) === 0) {
      checks.push({
        key,
        version: random.below(10) > 0 ? current : random.pick([null, 1, (current ?? 0) + 1]),
      });
    }
    const kind = random.below(8);
    if (kind === 0) deletes.push(key);
    if (kind === 1) {
      // Now and then long enough to leave the page of a database.
      const value = random.bytes(random.pick([0, 1, 20, 5000]));
      sets.push({ key, version: (current ?? random.below(1000)) + 1, value });
    }
  }
  return { checks, sets, deletes };
}
