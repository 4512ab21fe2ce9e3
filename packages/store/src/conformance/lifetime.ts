/** Closing and opening again: a closed store says so, and what was acknowledged outlives the handle. */
import { allEnded, bytes, type Case, everything, put, refused, same, showAll } from "./case.ts";

export const lifetime: readonly Case[] = [
  {
    name: "a closed store refuses every call, and closing it twice is harmless",
    check: async ({ store }) => {
      await put(store, "a", 1, bytes(1));
      await store.close();
      await store.close();
      await refused("Closed", "get", () => store.get("a"));
      await refused("Closed", "list", () => store.list({ start: "a", end: "b", limit: 1 }));
      await refused("Closed", "commit", () => store.commit({ checks: [], sets: [], deletes: ["a"] }));
    },
  },
  {
    name: "commits issued before close are finished by it",
    check: async ({ store }) => {
      const commits = Array.from({ length: 20 }, (_, index) => put(store, `k/${index}`, 1, bytes(index)));
      await allEnded([store.close(), ...commits]);
    },
  },
  {
    name: "a store that is opened again has every record that was acknowledged, and nothing else",
    persistent: true,
    check: async ({ store, openAnother, random }) => {
      for (let index = 0; index < 50; index++) {
        await put(store, `k/${random.below(30)}`, index + 1, random.bytes(random.pick([0, 30, 20_000])));
        if (index % 5 === 0) await store.commit({ checks: [], sets: [], deletes: [`k/${random.below(30)}`] });
      }
      const late = Array.from({ length: 20 }, (_, index) => put(store, `late/${index}`, 1, bytes(index)));
      await allEnded(late);
      const acknowledged = showAll(await everything(store));
      await store.close();
      const again = await openAnother();
      same("records", showAll(await everything(again)), acknowledged);
      await put(again, "k/after", 1, bytes(1));
      await again.close();
      same(
        "records after one more",
        (await everything(await openAnother())).length,
        acknowledged.split("\n").length + 1,
      );
    },
  },
  {
    name: "a second handle sees what the first acknowledged, judges by it, and outlives it",
    persistent: true,
    check: async ({ store, openAnother }) => {
      const other = await openAnother();
      for (let version = 1; version <= 20; version++) {
        const [writer, reader] = version % 2 ? [store, other] : [other, store];
        await put(writer, "a", version, bytes(version));
        same("version seen", (await reader.get("a"))?.version ?? 0, version);
        const checks = [{ key: "a", version: version + 1 }];
        same("a stale commit", await reader.commit({ checks, sets: [], deletes: ["a"] }), false);
      }
      await store.close();
      await put(other, "a", 21, bytes(21));
      same("version after the first closed", (await other.get("a"))?.version ?? 0, 21);
    },
  },
];
