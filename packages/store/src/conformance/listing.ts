/** Listing: bytewise order, exact borders, and pages that stay true while others write. */
import { allEnded, bytes, type Case, everything, following, put, same } from "./case.ts";

export const listing: readonly Case[] = [
  {
    name: "records are listed in the order of their keys' bytes",
    check: async ({ store }) => {
      const ordered = [
        "!",
        "-a",
        "0",
        "10",
        "9",
        "A",
        "Z",
        "_",
        "a",
        "a!",
        "a/",
        "a/b",
        "a0",
        "aa",
        "b",
        "~",
      ];
      for (const key of [...ordered].reverse()) await put(store, key, 1, bytes());
      same("keys", (await everything(store)).map(({ key }) => key).join(" "), ordered.join(" "));
    },
  },
  {
    name: "start is included, end is not, the limit cuts, and reverse begins at the end",
    check: async ({ store }) => {
      for (const key of ["a", "b", "c", "d"]) await put(store, key, 1, bytes());
      const keys = async (start: string, end: string, limit: number, reverse = false) =>
        (await store.list({ start, end, limit, reverse })).map(({ key }) => key).join("");
      same("b to d", await keys("b", "d", 10), "bc");
      same("borders between keys", await keys("a!", "c!", 10), "bc");
      same("the first two", await keys("a", "z", 2), "ab");
      same("reverse", await keys("a", "d", 10, true), "cba");
      same("the last two", await keys("a", "z", 2, true), "dc");
      for (const reverse of [false, true]) {
        same("an empty range", await keys("b", "b", 10, reverse), "");
        same("an inverted range", await keys("c", "a", 10, reverse), "");
        same("before everything", await keys("!", "A", 10, reverse), "");
        same("after everything", await keys("e", "z", 10, reverse), "");
      }
    },
  },
  {
    name: "pages of any size, in both directions, give every record once",
    check: async ({ store, random }) => {
      const keys = Array.from({ length: 300 }, (_, index) => `k/${String(index).padStart(4, "0")}`);
      for (let from = 0; from < keys.length; from += 100) {
        const sets = keys.slice(from, from + 100).map((key) => ({ key, version: 1, value: bytes(1) }));
        await store.commit({ checks: [], sets, deletes: [] });
      }
      for (const limit of [1 + random.below(10), 7, 100, 299, 300, 301, 1000]) {
        const forwards = (await everything(store, limit)).map(({ key }) => key);
        same(`forwards by ${limit}`, forwards.join(), keys.join());
        const backwards: string[] = [];
        for (let end = "~"; ; ) {
          const page = await store.list({ start: "!", end, limit, reverse: true });
          backwards.push(...page.map(({ key }) => key));
          const last = page.at(-1);
          if (last === undefined || page.length < limit) break;
          end = last.key;
        }
        same(`backwards by ${limit}`, backwards.join(), [...keys].reverse().join());
      }
    },
  },
  {
    name: "paging while others write is in order and misses nothing that was there all the time",
    check: async ({ store, random }) => {
      const staying = Array.from({ length: 60 }, (_, index) => `k/${String(index * 10).padStart(4, "0")}`);
      for (const key of staying) await put(store, key, 1, bytes());
      let reading = true;
      const write = async (): Promise<void> => {
        while (reading) {
          const coming = `k/${String(random.below(600)).padStart(4, "0")}x`;
          await put(store, coming, 1, bytes());
          await put(store, random.pick(staying), 2 + random.below(1000), bytes());
          await store.commit({ checks: [], sets: [], deletes: [coming] });
        }
      };
      const read = async (): Promise<void> => {
        for (let round = 0; round < 5; round++) {
          const keys = (await everything(store, 5)).map(({ key }) => key);
          same("order", keys.join(), [...new Set(keys)].sort().join());
          same("those that stayed", keys.filter((key) => !key.endsWith("x")).join(), staying.join());
        }
      };
      const reader = read().finally(() => {
        reading = false;
      });
      await allEnded([reader, write(), write(), write()]);
    },
  },
  {
    name: "a list is of one moment: what is written together is seen together",
    check: async ({ store }) => {
      const together = ["a", "m", "z"];
      const write = (version: number) =>
        store.commit({
          checks: [],
          sets: together.map((key) => ({ key, version, value: bytes(version & 0xff) })),
          deletes: version === 1 ? [] : [`n/${version - 1}`],
        });
      await write(1);
      let reading = true;
      const writeOn = async (): Promise<void> => {
        for (let version = 2; version <= 60 && reading; version++) {
          await put(store, `n/${version}`, 1, bytes());
          await write(version);
          // A macrotask: a store that answers at once would otherwise be done before anybody has read.
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
      };
      const read = async (): Promise<void> => {
        for (let looks = 0; looks < 60; looks++) {
          const reverse = looks % 2 === 1;
          const seen = await store.list({ start: "a", end: following("z"), limit: 1000, reverse });
          const versions = new Set(
            seen.filter(({ key }) => together.includes(key)).map(({ version }) => version),
          );
          same("different versions in one list", versions.size, 1);
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
      };
      const reader = read().finally(() => {
        reading = false;
      });
      await allEnded([reader, writeOn()]);
    },
  },
];
