/**
 * What PostgreSQL's error codes mean for a store: which of them say that nothing happened and the same can be tried again.
 * Codes: PostgreSQL documentation, appendix A. CockroachDB and YugabyteDB answer with the same ones.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../contract.ts";

/** The transaction was rolled back because of others that ran at the same time. */
const CONFLICTS = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "23505", // unique_violation: two inserts of one key, or two processes that make the tables
  "42P06", // duplicate_schema, from a race of CREATE SCHEMA IF NOT EXISTS
  "42P07", // duplicate_table, from a race of CREATE TABLE IF NOT EXISTS
  "42710", // duplicate_object: the type of that table's rows, from the same race
]);

const UNDEFINED_TABLE = "42P01";

/** `undefined_object`: what SET answers to a name that it does not know. */
export const UNDEFINED_SETTING = "42704";

/** Milliseconds of the longest pause between two attempts. */
const LONGEST_PAUSE = 50;

/**
 * Runs `attempt` until it meets no conflict, for at most `timeout` milliseconds.
 *
 * @throws whatever `attempt` threw last
 */
export async function withoutConflict<T>(timeout: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeout;
  for (let bound = 1; ; bound = Math.min(bound * 2, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      if (!CONFLICTS.has(codeOf(error) ?? "") || performance.now() >= deadline) throw error;
    }
    // Of random length, so that those who met don't meet again.
    await sleep(Math.random() * bound);
  }
}

/** The {@link StoreError} for whatever was thrown; one that is a StoreError already stays. */
export function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  if (code === UNDEFINED_TABLE) {
    return new StoreError(
      "Unavailable",
      'the database has no tables of KMSLite yet; "kmslite init", or `create`, makes them',
      {
        cause: error,
      },
    );
  }
  const reason = error instanceof Error && error.message !== "" ? error.message : (code ?? String(error));
  return new StoreError("Unavailable", `the PostgreSQL database failed: ${reason}`, { cause: error });
}

/** The five characters of a database's error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
