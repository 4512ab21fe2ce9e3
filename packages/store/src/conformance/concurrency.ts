/** Concurrency: checks order the writers, so nothing is lost, doubled, or half seen. */
import type { Store } from "../contract.ts";
import { allEnded, bytes, type Case, everything, put, same, until } from "./case.ts";
import type { Random } from "./random.ts";

const WRITERS = 8;
/** What the ten accounts of 100 hold together. */
const SUM = 1000;

export const concurrency: readonly Case[] = [
  {
    name: `${WRITERS} concurrent writers on one key never lose an update`,
    check: async ({ store }) => {
      await put(store, "counter", 1, bytes());
      await allEnded(Array.from({ length: WRITERS }, () => increment(store, 25)));
      same("updates", ((await store.get("counter"))?.version ?? 0) - 1, WRITERS * 25);
    },
  },
  {
    name: "of many that create the same record at once, exactly one succeeds, and it is the one that is read",
    check: async ({ store }) => {
      for (let round = 0; round < 10; round++) {
        const key = `k/${round}`;
        const create = (version: number) =>
          store.commit({
            checks: [{ key, version: null }],
            sets: [
              { key, version, value: bytes(version) },
              { key: `${key}/trace/${version}`, version: 1, value: bytes() },
            ],
            deletes: [],
          });
        const outcomes = await Promise.all(Array.from({ length: WRITERS }, (_, index) => create(index + 1)));
        same("successes", outcomes.filter(Boolean).length, 1);
        const winner = outcomes.indexOf(true) + 1;
        same("the version read", (await store.get(key))?.version ?? 0, winner);
        const traces = await store.list({ start: `${key}/`, end: `${key}0`, limit: 100 });
        same("traces", traces.map((trace) => trace.key).join(), `${key}/trace/${winner}`);
      }
    },
  },
  {
    name: "concurrent transfers between accounts keep the sum, at the end and in every list in between",
    check: async ({ store, random }) => {
      await openAccounts(store);
      const look = async (): Promise<void> => {
        for (let looks = 0; looks < 10; looks++)
          same("sum while transferring", await sumOfAccounts(store), SUM);
      };
      await allEnded([look(), ...Array.from({ length: 4 }, () => transfer(store, random, 20))]);
      same("sum at the end", await sumOfAccounts(store), SUM);
    },
  },
  {
    name: "what is acknowledged is seen by every read that begins afterwards",
    check: async ({ store }) => {
      const writer = async (name: number): Promise<void> => {
        for (let version = 1; version <= 20; version++) {
          await put(store, `w/${name}`, version, bytes());
          same("version read after writing", (await store.get(`w/${name}`))?.version ?? 0, version);
          const listed = (await everything(store)).find(({ key }) => key === `w/${name}`);
          same("version listed after writing", listed?.version ?? 0, version);
        }
      };
      await allEnded(Array.from({ length: WRITERS }, (_, name) => writer(name)));
    },
  },
  {
    name: "writers with handles of their own neither lose updates nor break the sum",
    persistent: true,
    check: async ({ store, openAnother, random }) => {
      await put(store, "counter", 1, bytes());
      await openAccounts(store);
      const handles = [store, await openAnother(), await openAnother(), await openAnother()];
      await allEnded(handles.flatMap((handle) => [increment(handle, 20), transfer(handle, random, 10)]));
      same("updates", ((await store.get("counter"))?.version ?? 0) - 1, handles.length * 20);
      for (const handle of handles) same("sum", await sumOfAccounts(handle), SUM);
    },
  },
];

/** Adds one to the version of "counter", `times` over, each time until it succeeds. */
async function increment(store: Store, times: number): Promise<void> {
  for (let done = 0; done < times; done++) {
    await until("an increment", async () => {
      const version = (await store.get("counter"))?.version ?? 0;
      const sets = [{ key: "counter", version: version + 1, value: bytes() }];
      return store.commit({ checks: [{ key: "counter", version }], sets, deletes: [] });
    });
  }
}

async function openAccounts(store: Store): Promise<void> {
  const sets = Array.from({ length: 10 }, (_, index) => ({
    key: `account/${index}`,
    version: 1,
    value: bytes(100),
  }));
  await store.commit({ checks: [], sets, deletes: [] });
}

/** Moves amounts between two random accounts, both guarded by their versions, until `times` of them succeeded. */
async function transfer(store: Store, random: Random, times: number): Promise<void> {
  for (let done = 0; done < times; done++) {
    await until("a transfer", async () => {
      const from = await store.get(`account/${random.below(10)}`);
      const to = await store.get(`account/${random.below(10)}`);
      if (from === undefined || to === undefined) throw new Error("an account is missing");
      const amount = Math.min(random.below(20), from.value[0] ?? 0, 255 - (to.value[0] ?? 0));
      if (from.key === to.key || amount === 0) return false;
      return store.commit({
        checks: [from, to].map(({ key, version }) => ({ key, version })),
        sets: [
          { key: from.key, version: from.version + 1, value: bytes((from.value[0] ?? 0) - amount) },
          { key: to.key, version: to.version + 1, value: bytes((to.value[0] ?? 0) + amount) },
        ],
        deletes: [],
      });
    });
  }
}

async function sumOfAccounts(store: Store): Promise<number> {
  const accounts = await store.list({ start: "account/", end: "account0", limit: 100 });
  return accounts.reduce((sum, { value }) => sum + (value[0] ?? 0), 0);
}
