/** The limits: the largest of everything is taken, and what lies beyond is refused as malformed and changes nothing. */
import type { Commit, ListRange } from "../contract.ts";
import { MAX_COMMIT_KEYS, MAX_KEY_LENGTH, MAX_LIST_LIMIT, MAX_VALUE_LENGTH } from "../validate.ts";
import { bytes, type Case, everything, put, refused, same, show, showAll } from "./case.ts";

const nothing: Commit = { checks: [], sets: [], deletes: [] };
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `key-${index}`);
const set = (key: string, version = 1, value = bytes(1)) => ({ key, version, value });

export const limits: readonly Case[] = [
  {
    name: `a value of ${MAX_VALUE_LENGTH} bytes is kept, also when it replaces a short one`,
    check: async ({ store, random }) => {
      const value = random.bytes(MAX_VALUE_LENGTH);
      for (const [key, first] of [
        ["a", bytes()],
        ["b", value],
      ] as const) {
        await put(store, key, 1, first);
        await put(store, key, 2, value);
        same("get", show(await store.get(key)), show({ key, version: 2, value }));
      }
      same("list", (await everything(store)).length, 2);
    },
  },
  {
    name: `keys of ${MAX_KEY_LENGTH} characters are told apart by the last one, and ordered`,
    check: async ({ store }) => {
      const keys = ["!", "A", "~"].map((last) => "k".repeat(MAX_KEY_LENGTH - 1) + last);
      for (const [index, key] of keys.entries()) await put(store, key, index + 1, bytes(index));
      const listed = await everything(store);
      same("list", listed.map(({ key }) => key).join(), keys.join());
      for (const [index, key] of keys.entries())
        same("version", (await store.get(key))?.version ?? 0, index + 1);
    },
  },
  {
    name: `a commit of ${MAX_COMMIT_KEYS} keys is applied, whichever way they are used`,
    check: async ({ store }) => {
      const keys = numbered(MAX_COMMIT_KEYS);
      const checks = keys.map((key) => ({ key, version: null }));
      same("create", await store.commit({ checks, sets: keys.map((key) => set(key)), deletes: [] }), true);
      same("created", (await everything(store)).length, MAX_COMMIT_KEYS);
      const half = MAX_COMMIT_KEYS / 2;
      const change = {
        checks: keys.map((key) => ({ key, version: 1 })),
        sets: keys.slice(half).map((key) => set(key, 2)),
        deletes: keys.slice(0, half),
      };
      same("change", await store.commit(change), true);
      same("left", (await everything(store)).length, half);
      same("the same again", await store.commit(change), false);
    },
  },
  {
    name: "malformed commits are refused and change nothing",
    check: async ({ store }) => {
      await put(store, "a", 1, bytes(1));
      const before = showAll(await everything(store));
      const tooLong = "k".repeat(MAX_KEY_LENGTH + 1);
      const keys = numbered(MAX_COMMIT_KEYS + 1);
      const malformed: Record<string, Partial<Commit>> = {
        "a value one byte too long": { sets: [set("b", 1, new Uint8Array(MAX_VALUE_LENGTH + 1))] },
        "a value that is no byte array": { sets: [set("b", 1, "text" as unknown as Uint8Array)] },
        "a key set twice": { sets: [set("b", 1), set("b", 2)] },
        "a key deleted twice": { deletes: ["a", "a"] },
        "a key set and deleted": { sets: [set("a")], deletes: ["a"] },
        "a key checked twice": {
          checks: [
            { key: "a", version: 1 },
            { key: "a", version: 1 },
          ],
        },
        "too many keys set": { sets: keys.map((key) => set(key)) },
        "too many keys deleted": { deletes: keys },
        "too many keys, taken together": {
          checks: keys.slice(0, 40).map((key) => ({ key, version: null })),
          sets: keys.slice(40, 80).map((key) => set(key)),
          deletes: keys.slice(80),
        },
      };
      for (const key of ["", tooLong, " ", "a b", "a\n", "\x7f", "\x00", "é", "a\u{1f511}"]) {
        malformed[`set of key ${JSON.stringify(key)}`] = { sets: [set(key)] };
        malformed[`delete of key ${JSON.stringify(key)}`] = { deletes: [key] };
        malformed[`check of key ${JSON.stringify(key)}`] = { checks: [{ key, version: null }] };
      }
      for (const version of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
        malformed[`set of version ${version}`] = { sets: [set("b", version)] };
        malformed[`check of version ${version}`] = { checks: [{ key: "a", version }] };
      }
      for (const [what, commit] of Object.entries(malformed)) {
        // With a write beside it that would be fine alone.
        const sets = [...(commit.sets ?? []), set("beside")];
        await refused("Malformed", what, () => store.commit({ ...nothing, ...commit, sets }));
      }
      same("records", showAll(await everything(store)), before);
    },
  },
  {
    name: "malformed reads are refused",
    check: async ({ store }) => {
      await refused("Malformed", "get of an empty key", () => store.get(""));
      await refused("Malformed", "get of a key with a space", () => store.get("a b"));
      const range: ListRange = { start: "a", end: "b", limit: 10 };
      for (const limit of [0, -1, 1.5, Number.NaN, MAX_LIST_LIMIT + 1]) {
        await refused("Malformed", `limit ${limit}`, () => store.list({ ...range, limit }));
      }
      await refused("Malformed", "an empty start", () => store.list({ ...range, start: "" }));
      await refused("Malformed", "an end beyond ASCII", () => store.list({ ...range, end: "\u{ffff}" }));
    },
  },
];
