/**
 * What SQLite's result codes mean for a store, and waiting for a database that another process is writing to.
 *
 * SQLite's own busy handler sleeps inside the call and would stop the whole event loop for as long as it waits.
 * Here it is off; a busy call fails at once and is tried again after a pause that lets everything else run.
 * Result codes: https://www.sqlite.org/rescode.html
 */
import { StoreError } from "../contract.ts";

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_PROTOCOL = 15;
const SQLITE_NOTADB = 26;

/** By SQLite's own words for them (`sqlite3_errstr`): Deno leaves the code out of what `exec` throws. */
const RESULT_CODES: ReadonlyMap<string, number> = new Map([
  ["database is locked", SQLITE_BUSY],
  ["database disk image is malformed", SQLITE_CORRUPT],
  ["locking protocol", SQLITE_PROTOCOL],
  ["file is not a database", SQLITE_NOTADB],
]);

/** Milliseconds of the longest pause. A writer holds the database for one fsync, a few milliseconds. */
const LONGEST_PAUSE = 10;

/** Runs `attempt` until it meets the database free, for at most `timeout` milliseconds. */
export async function whenFree<T>(timeout: number, attempt: () => T): Promise<T> {
  let deadline: number | undefined;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      deadline ??= performance.now() + timeout;
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause()));
  }
}

/** The same for opening, which happens once and before there is anything to hold up. */
export function whenFreeBlocking<T>(timeout: number, attempt: () => T): T {
  let deadline: number | undefined;
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      deadline ??= performance.now() + timeout;
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    Atomics.wait(never, 0, 0, pause());
  }
}

/** Of random length, so that several waiting processes don't try in step, the same one losing every time. */
function pause(): number {
  return 1 + Math.random() * (LONGEST_PAUSE - 1);
}

/** The {@link StoreError} for whatever was thrown while working on `file`; one that is a StoreError already stays. */
export function storeError(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  switch (resultCode(error)) {
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
      return new StoreError("Unavailable", `database ${file} is busy: another process is writing to it`, {
        cause: error,
      });
    case SQLITE_NOTADB:
      return new StoreError("Unavailable", `${file} is not an SQLite database, or its head is damaged`, {
        cause: error,
      });
    case SQLITE_CORRUPT:
      return damaged(file, reason, error);
    default:
      return new StoreError("Unavailable", `database ${file} failed: ${reason}`, { cause: error });
  }
}

/** The error for a database that holds what this adapter never wrote. */
export function damaged(file: string, reason: string, cause?: unknown): StoreError {
  return new StoreError("Unavailable", `database ${file} is damaged: ${reason}`, { cause });
}

function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_BUSY || code === SQLITE_PROTOCOL;
}

/** The primary result code, the low byte of the extended one; `undefined` when the error is not of SQLite. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return RESULT_CODES.get(error.message);
}
