/**
 * The SQLite store, cut off at every step of a commit: its process killed at each system call on the database's files, from opening to the
 * checkpoint at the end; and its write-ahead log broken off at every place, as a loss of power may leave it.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "@kmslite/store/sqlite";
import { afterAll, expect, test } from "vitest";
import { type Found, found, MUTATION, writeBefore } from "./mutation.ts";
import { canTrace, killedAt, type SystemCall, systemCalls } from "./system-calls.ts";

const COMMIT = [process.execPath, join(import.meta.dirname, "sqlite-commit.ts")];
/** SQLite's files of one database. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];

interface Outcome {
  readonly call: SystemCall;
  readonly killed: boolean;
  readonly acknowledged: boolean;
  readonly state: Found;
}

const folder = mkdtempSync(join(tmpdir(), "kmslite-crash-"));
afterAll(() => rmSync(folder, { recursive: true }));

const traced = canTrace();
if (!traced)
  console.warn("skipped: SQLite killed at every system call (strace is not installed, or may not trace)");

async function databaseBefore(name: string): Promise<string> {
  const path = join(folder, name);
  const store = sqliteStore({ path });
  await writeBefore(store);
  await store.close();
  return path;
}

async function foundIn(path: string): Promise<Found> {
  const store = sqliteStore({ path });
  const state = await found(store);
  await store.close();
  return state;
}

test.runIf(traced)(
  "killed at every system call of a commit, it holds all of it or nothing",
  async () => {
    const before = await databaseBefore("before.db");
    let copies = 0;
    const copy = (): { readonly path: string; readonly files: string[]; readonly program: string[] } => {
      const path = join(folder, `killed-${++copies}.db`);
      copyFileSync(before, path);
      return { path, files: SUFFIXES.map((suffix) => path + suffix), program: [...COMMIT, path] };
    };
    const whole = copy();
    const calls = await systemCalls(whole.files, whole.program);
    expect(await foundIn(whole.path)).toBe("all");
    const outcomes: Outcome[] = [];
    const open = calls.entries();
    const lane = async (): Promise<void> => {
      for (const [place, call] of open) {
        const { path, files, program } = copy();
        const { killed, output } = await killedAt(call, files, program);
        const acknowledged = output === "acknowledged";
        outcomes[place] = { call, killed, acknowledged, state: await foundIn(path) };
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(outcomes.filter(({ state }) => state !== "nothing" && state !== "all")).toEqual([]);
    expect(outcomes.filter(({ acknowledged, state }) => acknowledged && state !== "all")).toEqual([]);
    expect(outcomes.filter(({ killed }) => !killed)).toEqual([]);
    // Before the commit, between the commit and its acknowledgement, and after that, while the log is brought into the database.
    expect(outcomes[0]?.state).toBe("nothing");
    expect(outcomes.some(({ acknowledged, state }) => !acknowledged && state === "all")).toBe(true);
    expect(outcomes.at(-1)?.acknowledged).toBe(true);
    // Among the calls are those that write and those that sync.
    for (const kind of [/^pwrite/, /sync$/]) expect(calls.some(({ name }) => kind.test(name))).toBe(true);
  },
  300_000,
);

test("with its write-ahead log broken off anywhere, it holds all of a commit or nothing", async () => {
  const path = await databaseBefore("log.db");
  const store = sqliteStore({ path });
  expect(await store.commit(MUTATION)).toBe(true);
  // As they are before the log is brought into the database.
  const database = readFileSync(path);
  const log = readFileSync(`${path}-wal`);
  await store.close();
  const states: Found[] = [];
  const broken = join(folder, "broken.db");
  // 97 divides neither the size of a page nor that of a frame's header: places of every kind are met.
  for (let length = 0; length < log.length; length += 97) {
    writeFileSync(broken, database);
    writeFileSync(`${broken}-wal`, log.subarray(0, length));
    rmSync(`${broken}-shm`, { force: true });
    states.push(await foundIn(broken));
  }
  writeFileSync(broken, database);
  writeFileSync(`${broken}-wal`, log);
  expect(await foundIn(broken)).toBe("all");
  expect(states[0]).toBe("nothing");
  expect(states.filter((state) => state !== "nothing" && state !== "all")).toEqual([]);
}, 120_000);
