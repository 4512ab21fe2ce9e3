/**
 * Several processes on one file, and processes that are killed.
 *
 * SIGKILL takes a process away between any two of its instructions; what it had acknowledged was handed to the system
 * before, so this shows atomicity and the order of commit and acknowledgement. That the medium keeps what was synced
 * when the power goes is SQLite's and the drive's promise, and is not shown here.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { sqliteStore } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "kmslite-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BATCH = 5;

/** Writes batches of five records, several batches at a time, and prints the name of each that is acknowledged. */
const WRITE_BATCHES = `
  const bytes = new Uint8Array(700).fill(7);
  for (let round = 0; ; round++) {
    await Promise.all([0, 1, 2].map(async (lane) => {
      const name = process.argv[2] + "-" + round + "-" + lane;
      const sets = Array.from({ length: ${BATCH} }, (_, part) => ({ key: "batch/" + name + "/" + part, version: 1, value: bytes }));
      const deletes = round === 0 ? [] : ["passing/" + process.argv[2] + "-" + (round - 1) + "-" + lane];
      sets.push({ key: "passing/" + name, version: 1, value: bytes });
      if (await store.commit({ checks: [], sets, deletes })) process.stdout.write(name + "\\n");
    }));
  }
`;

/** Adds one to a counter, a given number of times, each time until it succeeds. */
const INCREMENT = `
  for (let done = 0; done < Number(process.argv[2]); ) {
    const version = (await store.get("counter"))?.version ?? null;
    const sets = [{ key: "counter", version: (version ?? 0) + 1, value: new Uint8Array(1) }];
    if (await store.commit({ checks: [{ key: "counter", version }], sets, deletes: [] })) done++;
  }
  await store.close();
`;

/** A process with a store of its own on `path`. Types are stripped by Node itself, so it runs the same source. */
function run(script: string, path: string, argument: string): ChildProcessByStdio<null, Readable, null> {
  const source = `
    import { sqliteStore } from ${JSON.stringify(new URL("./sqlite.ts", import.meta.url).href)};
    const store = sqliteStore({ path: process.argv[1], busyTimeout: 60_000 });
    ${script}`;
  const argumentsOfNode = ["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", source];
  return spawn(process.execPath, [...argumentsOfNode, path, argument], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Starts a writer, kills it some milliseconds after its first acknowledgement, and gives what it acknowledged. */
async function writeUntilKilled(path: string, name: string, milliseconds: number): Promise<string[]> {
  const child = run(WRITE_BATCHES, path, name);
  const acknowledged: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.once("line", () => setTimeout(() => child.kill("SIGKILL"), milliseconds));
  lines.on("line", (line) => acknowledged.push(line));
  const [[, signal]] = await Promise.all([once(child, "exit"), once(lines, "close")]);
  expect(signal).toBe("SIGKILL");
  return acknowledged;
}

/** All keys of the store, through a handle that is opened for it. */
async function keysOf(path: string): Promise<Set<string>> {
  const store = sqliteStore({ path });
  const keys = new Set<string>();
  for (let start = "!"; ; ) {
    const page = await store.list({ start, end: "~", limit: 1000 });
    for (const { key } of page) keys.add(key);
    const last = page.at(-1);
    if (last === undefined) break;
    start = `${last.key}!`;
  }
  await store.close();
  return keys;
}

function expectWhole(keys: ReadonlySet<string>, acknowledged: readonly string[]): void {
  const parts = new Map<string, number>();
  for (const key of keys) {
    const [kind, batch = ""] = key.split("/");
    if (kind === "batch") parts.set(batch, (parts.get(batch) ?? 0) + 1);
  }
  for (const batch of acknowledged) expect(parts.get(batch), `acknowledged batch ${batch}`).toBe(BATCH);
  for (const [batch, count] of parts) {
    expect(count, `batch ${batch}`).toBe(BATCH);
    // The delete of a batch's predecessor belongs to the same commit.
    const [name, round, lane] = batch.split("-");
    if (round !== "0") expect(keys.has(`passing/${name}-${Number(round) - 1}-${lane}`)).toBe(false);
  }
}

test("after SIGKILL at random moments every acknowledged commit is there, and every commit is whole", async () => {
  const path = join(folder, "killed.db");
  const acknowledged: string[] = [];
  for (let round = 0; round < 12; round++) {
    acknowledged.push(...(await writeUntilKilled(path, `writer${round}`, Math.random() * 60)));
    expectWhole(await keysOf(path), acknowledged);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(12);
});

test("a process that is killed while others write takes nothing along but itself", async () => {
  const path = join(folder, "killed-among-others.db");
  const writers = ["a", "b", "c"].map((name, index) => writeUntilKilled(path, name, 100 + index * 100));
  const acknowledged = (await Promise.all(writers)).flat();
  expectWhole(await keysOf(path), acknowledged);
});

test("four processes that start on no file at all and increment one counter lose no update", async () => {
  const path = join(folder, "counter.db");
  const children = Array.from({ length: 4 }, () => run(INCREMENT, path, "100"));
  const exits = await Promise.all(children.map((child) => once(child, "exit")));
  expect(exits.map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const store = sqliteStore({ path });
  expect((await store.get("counter"))?.version).toBe(400);
  await store.close();
});
