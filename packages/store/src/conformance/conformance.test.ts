/** The suite itself is tested by stores that break one rule each: it must notice every one of them. */
import { expect, test } from "vitest";
import type { Store } from "../contract.ts";
import { memoryStore } from "../memory.ts";
import { storeConformance } from "./index.ts";

async function failures(spoil: (store: Store) => Partial<Store>): Promise<string[]> {
  const open = async (): Promise<Store> => {
    const store = memoryStore();
    const sound: Store = {
      get: (key) => store.get(key),
      list: (range) => store.list(range),
      commit: (commit) => store.commit(commit),
      close: () => store.close(),
    };
    return { ...sound, ...spoil(store) };
  };
  const target = { create: async () => ({ open, dispose: async () => {} }), persistent: false, seed: 1 };
  const failed: string[] = [];
  for (const { run } of storeConformance(target)) {
    await run().catch((error: unknown) => failed.push(String(error)));
  }
  return failed;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

const spoilt: Record<string, (store: Store) => Partial<Store>> = {
  "ignores checks": (store) => ({ commit: (commit) => store.commit({ ...commit, checks: [] }) }),
  "reads, then writes": (store) => ({
    commit: async ({ checks, sets, deletes }) => {
      if (!(await store.commit({ checks, sets: [], deletes: [] }))) return false;
      await pause();
      return store.commit({ checks: [], sets, deletes });
    },
  }),
  "is not atomic": (store) => ({
    commit: async ({ checks, sets, deletes }) => {
      if (!(await store.commit({ checks, sets: sets.slice(0, 1), deletes }))) return false;
      await pause();
      return store.commit({ checks: [], sets: sets.slice(1), deletes: [] });
    },
  }),
  "acknowledges before writing": (store) => ({
    commit: async (commit) => {
      if (!(await store.commit({ ...commit, sets: [], deletes: [] }))) return false;
      setTimeout(() => store.commit({ ...commit, checks: [] }).catch(() => {}), 1);
      return true;
    },
  }),
  "takes the end in": (store) => ({ list: (range) => store.list({ ...range, end: `${range.end}!` }) }),
  "ignores the start": (store) => ({ list: (range) => store.list({ ...range, start: "!" }) }),
  "refuses every update": (store) => ({
    commit: async (commit) => (commit.checks.some(({ version }) => version) ? false : store.commit(commit)),
  }),
  "never reverses": (store) => ({ list: (range) => store.list({ ...range, reverse: false }) }),
  "copies late": (store) => ({ commit: async (commit) => pause().then(() => store.commit(commit)) }),
  "stays open": () => ({ close: async () => {} }),
};

test("a sound store passes", async () => {
  expect(await failures(() => ({}))).toEqual([]);
});

for (const [rule, spoil] of Object.entries(spoilt)) {
  test(`a store that ${rule} is found out, and the failure names the seed`, async () => {
    const failed = await failures(spoil);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toContain("(seed 1)");
  });
}
