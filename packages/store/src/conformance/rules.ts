/** The rules of get and commit: what is written is read, and a commit happens whole or not at all. */
import { bytes, type Case, everything, put, same, show, showAll } from "./case.ts";

export const rules: readonly Case[] = [
  {
    name: "an empty store has no record and lists none",
    check: async ({ store }) => {
      same("get", show(await store.get("a")), "no record");
      same("list", showAll(await everything(store)), "");
    },
  },
  {
    name: "a record is read as it was written: any bytes, no bytes, any version",
    check: async ({ store }) => {
      const every = Uint8Array.from({ length: 256 }, (_, index) => index);
      for (const [key, version, value] of [
        ["all-bytes", 1, every],
        ["no-bytes", Number.MAX_SAFE_INTEGER, bytes()],
        ["zero", 2 ** 32, bytes(0)],
      ] as const) {
        await put(store, key, version, value);
        same("get", show(await store.get(key)), show({ key, version, value }));
      }
    },
  },
  {
    name: "keys are literal: case, quotes, wildcards and escapes mean nothing",
    check: async ({ store }) => {
      const keys = [
        "A",
        "a",
        "a%",
        "a*",
        "a_",
        "%",
        "'",
        '"',
        "\\",
        "a'--",
        "a/b",
        "a\\",
        "__proto__",
        "constructor",
      ];
      let version = 0;
      for (const key of keys) await put(store, key, ++version, bytes(version));
      for (const [index, key] of keys.entries()) {
        same("get", show(await store.get(key)), show({ key, version: index + 1, value: bytes(index + 1) }));
      }
      same("number of records", (await everything(store)).length, keys.length);
    },
  },
  {
    name: "a set replaces the record, whatever the versions; a delete removes it; deleting nothing is harmless",
    check: async ({ store }) => {
      await put(store, "a", 7, bytes(1, 2, 3));
      await put(store, "a", 3, bytes(4));
      same(
        "after the second set",
        show(await store.get("a")),
        show({ key: "a", version: 3, value: bytes(4) }),
      );
      for (const what of ["delete", "delete again"]) {
        same(what, await store.commit({ checks: [], sets: [], deletes: ["a"] }), true);
        same(`get after ${what}`, show(await store.get("a")), "no record");
      }
    },
  },
  {
    name: "a commit whose checks all hold is applied whole; one may check what it does not write",
    check: async ({ store }) => {
      await put(store, "a", 1, bytes(1));
      await put(store, "b", 2, bytes(2));
      const applied = await store.commit({
        checks: [
          { key: "a", version: 1 },
          { key: "b", version: 2 },
          { key: "c", version: null },
          { key: "never", version: null },
        ],
        sets: [
          { key: "b", version: 3, value: bytes(33) },
          { key: "c", version: 4, value: bytes(44) },
        ],
        deletes: ["a"],
      });
      same("commit", applied, true);
      const expected = [
        { key: "b", version: 3, value: bytes(33) },
        { key: "c", version: 4, value: bytes(44) },
      ];
      same("records", showAll(await everything(store)), showAll(expected));
    },
  },
  {
    name: "a commit of which one check does not hold changes nothing at all",
    check: async ({ store }) => {
      await put(store, "a", 5, bytes(1));
      await put(store, "b", 6, bytes(2));
      const before = showAll(await everything(store));
      const holding = { key: "b", version: 6 };
      for (const failing of [
        { key: "a", version: 4 },
        { key: "a", version: 6 },
        { key: "a", version: null },
        { key: "absent", version: 1 },
      ]) {
        for (const checks of [[failing], [holding, failing], [failing, holding]]) {
          const sets = [
            { key: "a", version: 9, value: bytes(9) },
            { key: "new", version: 9, value: bytes(9) },
          ];
          same(
            `commit with ${JSON.stringify(checks)}`,
            await store.commit({ checks, sets, deletes: ["b"] }),
            false,
          );
          same("records", showAll(await everything(store)), before);
        }
      }
    },
  },
  {
    name: "a commit may consist of checks only, or of nothing",
    check: async ({ store }) => {
      await put(store, "a", 5, bytes(1));
      const judge = (version: number | null) =>
        store.commit({ checks: [{ key: "a", version }], sets: [], deletes: [] });
      same("a check that holds", await judge(5), true);
      same("a check that does not", await judge(null), false);
      same("nothing", await store.commit({ checks: [], sets: [], deletes: [] }), true);
    },
  },
  {
    name: "a record that was deleted and made again at another version is not taken for the old one",
    check: async ({ store }) => {
      await put(store, "a", 10, bytes(1));
      await store.commit({ checks: [], sets: [], deletes: ["a"] });
      await put(store, "a", 900, bytes(1));
      const checks = [{ key: "a", version: 10 }];
      same("the stale update", await store.commit({ checks, sets: [], deletes: ["a"] }), false);
    },
  },
  {
    name: "values are copied in when commit is called, and copied out",
    check: async ({ store }) => {
      const buffer = bytes(9, 1, 2, 3, 9);
      const view = buffer.subarray(1, 4);
      const set = { key: "a", version: 1, value: view };
      const sets = [set];
      const pending = store.commit({ checks: [], sets, deletes: [] });
      // Before the commit is even done: it must have taken its copy during the call.
      buffer.fill(0xff);
      set.version = 77;
      sets.push({ key: "b", version: 1, value: view });
      same("commit", await pending, true);

      const expected = show({ key: "a", version: 1, value: bytes(1, 2, 3) });
      same("records", showAll(await everything(store)), expected);
      (await store.get("a"))?.value.fill(0xee);
      (await everything(store))[0]?.value.fill(0xee);
      same("get after writing into results", show(await store.get("a")), expected);
    },
  },
];
