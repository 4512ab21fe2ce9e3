/** The PostgreSQL store, cut off from the database in front of every message of a commit, in either direction, and within it. */
import { StoreError } from "@kmslite/store";
import { postgresStore } from "@kmslite/store/postgres";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalPostgres, postgresPrograms, startPostgres } from "../postgres/local-postgres.ts";
import { startMessageCutter } from "./message-cutter.ts";
import { type Found, found, MUTATION, writeBefore } from "./mutation.ts";

/** Milliseconds after which a store gives up here: much has to wait on a busy machine. */
const PATIENT = 60_000;

const programs = postgresPrograms();
if (programs === undefined)
  console.warn("skipped: PostgreSQL cut off at every message (no PostgreSQL server is installed)");

let postgres: LocalPostgres | undefined;
beforeAll(async () => {
  if (programs !== undefined) postgres = await startPostgres(programs);
}, 60_000);
afterAll(() => postgres?.stop());

test.runIf(programs !== undefined).each([false, true])(
  "cut off at every message of opening, a commit and closing (in the middle of it: %j), it holds all of the commit or nothing",
  async (half) => {
    const url = postgres?.url ?? "";
    const schema = `cut_${half}`;
    const direct = await postgresStore({ url, schema, create: true, timeout: PATIENT });
    const watch = new Client({ connectionString: url });
    await watch.connect();
    const seen: { readonly message: number; readonly acknowledged: boolean; readonly state: Found }[] = [];
    for (let message = 1; ; message++) {
      await writeBefore(direct);
      const application = `cut-${message}`;
      const cutter = await startMessageCutter(url, application, { message, half });
      const acknowledged = await commitThrough(cutter.url, schema);
      // A statement that had reached the database is finished there though its client is gone.
      await sessionsOver(watch, application);
      seen.push({ message, acknowledged, state: await found(direct) });
      await cutter.stop();
      if (!cutter.cut) break;
    }
    await watch.end();
    await direct.close();
    expect(seen.filter(({ state }) => state !== "nothing" && state !== "all")).toEqual([]);
    expect(seen.filter(({ acknowledged, state }) => acknowledged && state !== "all")).toEqual([]);
    expect(seen[0]?.state).toBe("nothing");
    // The answer was on its way.
    expect(seen.some(({ acknowledged, state }) => !acknowledged && state === "all")).toBe(true);
    expect(seen.at(-1)?.acknowledged).toBe(true);
  },
  120_000,
);

/** Whether the commit was acknowledged; anything but a StoreError is a failure. */
async function commitThrough(url: string, schema: string): Promise<boolean> {
  try {
    const store = await postgresStore({ url, schema, connections: 1, timeout: PATIENT });
    try {
      return await store.commit(MUTATION);
    } finally {
      await store.close().catch(refusalOf);
    }
  } catch (error) {
    refusalOf(error);
    return false;
  }
}

function refusalOf(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}

async function sessionsOver(watch: Client, application: string): Promise<void> {
  for (;;) {
    const sql = "SELECT FROM pg_stat_activity WHERE application_name = $1";
    if ((await watch.query(sql, [application])).rows.length === 0) return;
  }
}
