/**
 * The store in a database that speaks PostgreSQL's protocol, through the `pg` driver: many processes over one database.
 *
 * - A commit is one statement in one serializable transaction: checks, deletes and sets in a single round trip. A
 *   serialization failure is tried again; the answer is durable (`synchronous_commit`) before it arrives.
 * - Whether the session really is serializable is asked within the statement itself. A pooler that hands out sessions by
 *   transaction may lose the setting; then the commit fails, and does not silently lose updates.
 */
import { type ClientBase, Pool } from "pg";
import {
  type Commit,
  type ListRange,
  type Store,
  StoreError,
  type StoreKey,
  type StoreRecord,
} from "../contract.ts";
import { checkCommit, checkKey, checkRange, copyBytes } from "../validate.ts";
import { codeOf, storeError, UNDEFINED_SETTING, withoutConflict } from "./failure.ts";
import { checkSchemaName, checkTables, migrateTables } from "./schema.ts";

export interface PostgresStoreOptions {
  /** Where the database is: `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** The schema that holds the tables. Default `kmslite`. */
  readonly schema?: string;
  /** Whether missing tables are made and older ones migrated; the role needs `CREATE` on the database for it. Default false. */
  readonly create?: boolean;
  /** Connections at most. Default 10. */
  readonly connections?: number;
  /** Milliseconds that one operation may take, conflicts with others included, before it is given up as `Unavailable`. Default 5,000. */
  readonly timeout?: number;
}

interface Row {
  readonly key: unknown;
  readonly version: unknown;
  readonly value: unknown;
}

/** Asked in every statement that writes. */
const SERIALIZABLE = "current_setting('transaction_isolation') = 'serializable'";

/**
 * Opens the store in a PostgreSQL database.
 *
 * @throws {StoreError} `Malformed` options; `Unavailable` when the database can't be reached, has no tables or older ones and
 * `create` is not set, or has those of a newer version
 */
export async function postgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, schema = "kmslite", create = false, connections = 10, timeout = 5000 } = options;
  if (typeof url !== "string" || !/^postgres(ql)?:\/\//.test(url)) {
    throw new StoreError("Malformed", "a PostgreSQL store needs a URL that begins with postgresql://");
  }
  checkSchemaName(schema);
  const pool = new Pool({
    connectionString: url,
    max: connections,
    application_name: "kmslite",
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    // A little later than the server's own, which leaves the connection usable.
    query_timeout: timeout + 1000,
    // Before the pool hands a new connection out.
    onConnect: async (client) => {
      await client.query(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET synchronous_commit = on",
      );
      await readByIndex(client);
    },
  });
  // An idle connection that breaks is replaced when one is needed; without a listener it would end the process.
  pool.on("error", () => {});
  try {
    if (create) await withoutConflict(timeout, () => migrateTables(pool, schema));
    await withoutConflict(timeout, () => checkTables(pool, schema));
  } catch (error) {
    await pool.end();
    throw storeError(error);
  }
  return new PostgresStore(pool, schema, timeout);
}

/**
 * Has records read through the index alone. PostgreSQL reads a small table as a whole, and a serializable transaction that did so
 * conflicts with every other that writes to it: writers of different records would undo each other's work most of the time.
 */
async function readByIndex(client: ClientBase): Promise<void> {
  try {
    await client.query("SET enable_seqscan = off; SET enable_bitmapscan = off");
  } catch (error) {
    // Databases of the same protocol plan in other ways, and may not know these settings.
    if (codeOf(error) !== UNDEFINED_SETTING) throw error;
  }
}

class PostgresStore implements Store {
  readonly #pool: Pool;
  readonly #timeout: number;
  readonly #select: string;
  readonly #selectAscending: string;
  readonly #selectDescending: string;
  readonly #commit: string;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(pool: Pool, schema: string, timeout: number) {
    this.#pool = pool;
    this.#timeout = timeout;
    const table = `${schema}.record`;
    const columns = `SELECT key, version, value FROM ${table}`;
    this.#select = `${columns} WHERE key = $1`;
    this.#selectAscending = `${columns} WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3`;
    this.#selectDescending = `${columns} WHERE key >= $1 AND key < $2 ORDER BY key DESC LIMIT $3`;
    this.#commit = commitStatement(table);
  }

  async get(key: StoreKey): Promise<StoreRecord | undefined> {
    const rows = await this.#query<Row>("get", this.#select, [bytesOf(checkKey(key))]);
    return rows[0] === undefined ? undefined : recordOf(rows[0]);
  }

  async list(range: ListRange): Promise<readonly StoreRecord[]> {
    const { start, end, limit, reverse } = checkRange(range);
    const values = [bytesOf(start), bytesOf(end), limit];
    const rows = reverse
      ? await this.#query<Row>("list-reverse", this.#selectDescending, values)
      : await this.#query<Row>("list", this.#selectAscending, values);
    return rows.map(recordOf);
  }

  async commit(commit: Commit): Promise<boolean> {
    const { checks, sets, deletes } = checkCommit(commit);
    const rows = await this.#query<{ readonly serializable: boolean; readonly holds: boolean }>(
      "commit",
      this.#commit,
      [
        checks.map(({ key }) => bytesOf(key)),
        checks.map(({ version }) => version),
        deletes.map(bytesOf),
        sets.map(({ key }) => bytesOf(key)),
        sets.map(({ version }) => version),
        sets.map(({ value }) => Buffer.from(value.buffer, value.byteOffset, value.length)),
      ],
    );
    if (rows[0]?.serializable !== true) {
      throw new StoreError(
        "Unavailable",
        "the session is not serializable: a pooler between here and the database must keep sessions, not transactions",
      );
    }
    return rows[0].holds;
  }

  /** Operations that were begun are finished first. */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await Promise.allSettled(this.#running);
    try {
      await this.#pool.end();
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Runs one statement, prepared once for each connection under `name`. */
  async #query<T>(name: string, text: string, values: unknown[]): Promise<readonly T[]> {
    if (this.#closing) throw new StoreError("Closed", "the store is closed");
    const running = withoutConflict(this.#timeout, () => this.#pool.query({ name, text, values }));
    this.#running.add(running);
    try {
      return (await running).rows as T[];
    } catch (error) {
      throw storeError(error);
    } finally {
      this.#running.delete(running);
    }
  }
}

/**
 * Checks, deletes and sets in one statement; its one row says whether they were made. All parts see the same snapshot, and
 * what another transaction changed since makes the statement fail as a whole.
 */
function commitStatement(table: string): string {
  return `
    WITH wanted AS (
      SELECT key, version FROM unnest($1::bytea[], $2::bigint[]) AS wanted (key, version)
    ), judged AS (
      SELECT ${SERIALIZABLE} AS serializable, NOT EXISTS (
        SELECT 1 FROM wanted
        WHERE (SELECT stored.version FROM ${table} AS stored WHERE stored.key = wanted.key) IS DISTINCT FROM wanted.version
      ) AS holds
    ), removed AS (
      DELETE FROM ${table} WHERE key = ANY ($3::bytea[]) AND (SELECT serializable AND holds FROM judged)
    ), written AS (
      INSERT INTO ${table} (key, version, value)
      SELECT new.key, new.version, new.value
      FROM unnest($4::bytea[], $5::bigint[], $6::bytea[]) AS new (key, version, value)
      WHERE (SELECT serializable AND holds FROM judged)
      ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value
    )
    SELECT serializable, holds FROM judged`;
}

function bytesOf(key: StoreKey): Buffer {
  return Buffer.from(key, "latin1");
}

/** A row is input: somebody may have edited the database. `bigint` arrives as text. */
function recordOf({ key, version, value }: Row): StoreRecord {
  const number = Number(version);
  if (!Buffer.isBuffer(key) || !Buffer.isBuffer(value) || !Number.isSafeInteger(number) || number < 1) {
    throw new StoreError(
      "Unavailable",
      "the PostgreSQL database is damaged: a record has fields never written so",
    );
  }
  return { key: key.toString("latin1"), value: copyBytes(value), version: number };
}
