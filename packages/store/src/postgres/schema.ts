/**
 * The tables of the PostgreSQL store: how they are made, and the check that they are ours and of this version.
 *
 * Keys are `bytea`, because it is ordered bytewise on every database of PostgreSQL's protocol, whatever its collations.
 */
import type { ClientBase, Pool } from "pg";
import { StoreError } from "../contract.ts";

/** Version of the tables. A higher one than this belongs to a newer KMSLite, and is refused. */
const SCHEMA_VERSION = 1;

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

/** Makes the schema and its tables where they are missing. Several processes may do it at once. */
export async function createTables(client: ClientBase | Pool, schema: string): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.record (key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL)`,
  );
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.layout (single boolean PRIMARY KEY DEFAULT true CHECK (single), version integer NOT NULL)`,
  );
  await client.query(
    `INSERT INTO ${schema}.layout (version) VALUES (${SCHEMA_VERSION}) ON CONFLICT DO NOTHING`,
  );
}

/** @throws {StoreError} `Unavailable` if the tables are of another version */
export async function checkTables(client: ClientBase | Pool, schema: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>(`SELECT version FROM ${schema}.layout`);
  const version = rows[0]?.version;
  if (version !== SCHEMA_VERSION) {
    const found = version === undefined ? "no version" : `version ${version}`;
    throw new StoreError(
      "Unavailable",
      `the tables in schema ${schema} have ${found}; this KMSLite knows version ${SCHEMA_VERSION}`,
    );
  }
}
