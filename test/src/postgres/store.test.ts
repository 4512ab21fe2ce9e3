/** The contract on a real PostgreSQL, and what is particular to it. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StoreError } from "@kmslite/store";
import { storeConformance } from "@kmslite/store/conformance";
import { postgresStore } from "@kmslite/store/postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalPostgres, postgresPrograms, startPostgres } from "./local-postgres.ts";

/** Milliseconds after which a store gives up here: much has to wait on a busy machine. */
const PATIENT = 60_000;

const programs = postgresPrograms();
let postgres: LocalPostgres | undefined;
let media = 0;

function url(): string {
  if (postgres === undefined) throw new Error("PostgreSQL does not run");
  return postgres.url;
}

async function sql(text: string): Promise<void> {
  const client = new Client({ connectionString: url() });
  await client.connect();
  await client.query(text);
  await client.end();
}

function nextSchema(): string {
  media++;
  return `case_${media}`;
}

/** Between client and server like a pooler that keeps transactions only: the session's isolation level gets lost on the way. */
async function forgetfulPooler(direct: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-pooler-"));
  const behind = join(
    new URL(direct.replace("@/", "@localhost/")).searchParams.get("host") ?? "",
    ".s.PGSQL.5432",
  );
  const wanted = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE";
  const harmless = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE".padEnd(wanted.length);
  const server = createServer((client) => {
    const database = connect(behind);
    client.on("data", (data) => {
      database.write(Buffer.from(data.toString("latin1").replace(wanted, harmless), "latin1"));
    });
    database.pipe(client);
    client.on("close", () => database.destroy());
  });
  server.listen(join(folder, ".s.PGSQL.5432"));
  await once(server, "listening");
  const stop = async () => {
    server.close();
    await once(server, "close");
    rmSync(folder, { recursive: true });
  };
  return { url: `postgresql://kmslite@/postgres?host=${encodeURIComponent(folder)}`, stop };
}

if (programs === undefined) console.warn("skipped: the PostgreSQL store (no PostgreSQL server is installed)");

describe.runIf(programs !== undefined)("the PostgreSQL store", () => {
  beforeAll(async () => {
    if (programs !== undefined) postgres = await startPostgres(programs, ["max_connections=300"]);
  }, 60_000);
  afterAll(() => postgres?.stop());

  const create = async () => {
    const schema = nextSchema();
    return {
      open: () => postgresStore({ url: url(), schema, create: true, connections: 4, timeout: PATIENT }),
      dispose: () => sql(`DROP SCHEMA ${schema} CASCADE`),
    };
  };
  for (const { name, run } of storeConformance({ create, persistent: true })) test(name, run, 60_000);

  test("does not open a database without tables unless it may make them", async () => {
    const schema = nextSchema();
    await expect(postgresStore({ url: url(), schema, timeout: PATIENT })).rejects.toThrow(
      /no tables of KMSLite/,
    );
    const store = await postgresStore({ url: url(), schema, create: true, timeout: PATIENT });
    await store.close();
    await (await postgresStore({ url: url(), schema, timeout: PATIENT })).close();
  });

  test("refuses tables of a newer version", async () => {
    const schema = nextSchema();
    await (await postgresStore({ url: url(), schema, create: true, timeout: PATIENT })).close();
    await sql(`UPDATE ${schema}.layout SET version = 2`);
    await expect(postgresStore({ url: url(), schema, create: true, timeout: PATIENT })).rejects.toThrow(
      /have version 2/,
    );
  });

  test("eight processes' worth of handles may make the tables at once", async () => {
    const schema = nextSchema();
    const stores = await Promise.all(
      Array.from({ length: 8 }, () =>
        postgresStore({ url: url(), schema, create: true, connections: 1, timeout: PATIENT }),
      ),
    );
    for (const store of stores) await store.close();
  });

  test("refuses to commit in a session that is not serializable, and changes nothing", async () => {
    const schema = nextSchema();
    const sound = await postgresStore({ url: url(), schema, create: true, timeout: PATIENT });
    const pooler = await forgetfulPooler(url());
    const store = await postgresStore({ url: pooler.url, schema, connections: 1, timeout: PATIENT });
    const set = { key: "a", version: 1, value: Uint8Array.of(1) };
    await expect(store.commit({ checks: [], sets: [set], deletes: [] })).rejects.toThrow(/not serializable/);
    expect(await sound.get("a")).toBeUndefined();
    await store.close();
    await sound.close();
    await pooler.stop();
  });

  test("reads a small table by its index, so that writers of different records don't undo each other", async () => {
    const schema = nextSchema();
    const store = await postgresStore({ url: url(), schema, create: true, timeout: PATIENT });
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const value = new Uint8Array(10);
    for (const key of keys)
      await store.commit({ checks: [], sets: [{ key, version: 1, value }], deletes: [] });
    // As the database does by itself after a while; from then on it knows that the table is small.
    await sql(`ANALYZE ${schema}.record`);
    for (let version = 1; version < 20; version++) {
      const write = async (key: string): Promise<void> => {
        const sets = [{ key, version: version + 1, value }];
        expect(await store.commit({ checks: [{ key, version }], sets, deletes: [] })).toBe(true);
        expect((await store.get(key))?.version).toBe(version + 1);
      };
      await Promise.all(keys.map(write));
      await store.list({ start: "k", end: "l", limit: 10, reverse: version % 2 === 0 });
    }
    await store.close();
    // A session's counts are told when it ends, if not before.
    const client = new Client({ connectionString: url() });
    await client.connect();
    const counts =
      "SELECT seq_scan, idx_scan > 400 AS by_index FROM pg_stat_user_tables WHERE schemaname = $1 AND relname = 'record'";
    let told: { seq_scan: string; by_index: boolean } | undefined;
    while (told?.by_index !== true) told = (await client.query(counts, [schema])).rows[0];
    await client.end();
    // Making the table's index counts as one.
    expect(Number(told.seq_scan)).toBeLessThanOrEqual(1);
  });

  test("a database that is gone is a StoreError, and the process lives on", async () => {
    const schema = nextSchema();
    const store = await postgresStore({ url: url(), schema, create: true, timeout: PATIENT });
    await store.get("a");
    await sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kmslite' AND pid <> pg_backend_pid()",
    );
    const outcomes = await Promise.allSettled([store.get("a"), store.get("a")]);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(StoreError);
    }
    expect(await store.get("a")).toBeUndefined();
    await store.close();
  });

  test.each(["", "mysql://host", 7])("refuses %j as a URL", async (bad) => {
    await expect(postgresStore({ url: bad as string })).rejects.toMatchObject({ code: "Malformed" });
  });

  test("refuses a schema whose name is not a plain identifier", async () => {
    await expect(postgresStore({ url: url(), schema: "a; DROP" })).rejects.toMatchObject({
      code: "Malformed",
    });
  });
});
