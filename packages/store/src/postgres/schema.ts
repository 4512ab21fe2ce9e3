/**
 * The tables of the PostgreSQL store: how they are made and migrated, and the check that they are of this version.
 *
 * Keys are `bytea`, because it is ordered bytewise on every database of PostgreSQL's protocol, whatever its collations.
 */
import type { ClientBase, Pool } from "pg";
import { StoreError } from "../contract.ts";

/** Statements that lead from one version of the tables to the next. */
type Migration = (schema: string) => readonly string[];

/**
 * Every step there has been; the tables' version is the number of those that were made.
 *
 * Each statement changes nothing when it is run again, because not every database of this protocol makes tables within
 * transactions: a migration that was interrupted, or is run by two at once, is simply run again. Processes of the version before
 * may still be at work, so a step must leave their statements valid.
 */
const MIGRATIONS: readonly Migration[] = [
  (schema) => [
    `CREATE TABLE IF NOT EXISTS ${schema}.record (key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL)`,
  ],
];

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** @throws {StoreError} `Malformed`, unless `name` is a plain PostgreSQL identifier of 1 to 63 characters */
export function checkSchemaName(name: string): string {
  if (!NAME.test(name)) {
    throw new StoreError(
      "Malformed",
      "a schema's name must be 1 to 63 lower-case letters, digits or underscores, and not begin with a digit",
    );
  }
  return name;
}

/**
 * Makes the schema and its tables where they are missing, and brings older ones to this version. Several processes may do it at
 * once. Tables of a newer version are left as they are.
 */
export async function migrateTables(client: ClientBase | Pool, schema: string): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.layout (single boolean PRIMARY KEY DEFAULT true CHECK (single), version integer NOT NULL)`,
  );
  await client.query(`INSERT INTO ${schema}.layout (version) VALUES (0) ON CONFLICT DO NOTHING`);
  const found = (await versionOf(client, schema)) ?? 0;
  for (const [before, migration] of MIGRATIONS.entries()) {
    if (before < found) continue;
    for (const statement of migration(schema)) await client.query(statement);
    await client.query(`UPDATE ${schema}.layout SET version = $1 WHERE version = $2`, [before + 1, before]);
  }
}

/** @throws {StoreError} `Unavailable` if the tables are of another version; it says what to do */
export async function checkTables(client: ClientBase | Pool, schema: string): Promise<void> {
  const known = MIGRATIONS.length;
  const version = await versionOf(client, schema);
  if (version === known) return;
  const found = `the tables in schema ${schema} have ${version === undefined ? "no version" : `version ${version}`}`;
  throw new StoreError(
    "Unavailable",
    version !== undefined && version > known
      ? `${found}, made by a newer KMSLite; this one knows version ${known}: update it`
      : `${found}; this KMSLite needs version ${known}: "kmslite init" brings them there`,
  );
}

async function versionOf(client: ClientBase | Pool, schema: string): Promise<number | undefined> {
  const { rows } = await client.query<{ version: number }>(`SELECT version FROM ${schema}.layout`);
  return rows[0]?.version;
}
