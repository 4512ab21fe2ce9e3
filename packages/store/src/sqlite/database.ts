/**
 * Opening the database file: whose it is, of which schema, and how it is to be written.
 *
 * A file that is not ours is refused before anything in it is changed. One that is ours must have our table exactly as we
 * made it, and nothing that runs by itself (triggers, views): a database file is input, and may have been edited.
 * Settings follow "Defense Against The Dark Arts", https://www.sqlite.org/security.html
 */
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../contract.ts";
import { damaged, storeError, whenFreeBlocking } from "./failure.ts";

/** "KMSL", in the header field that tells whose file it is: https://www.sqlite.org/fileformat.html#application_id */
const APPLICATION_ID = 0x4b4d534c;
const SCHEMA_VERSION = 1;

/** The version stands before the value so that checking it never reads the pages a long value overflows into. */
const TABLE =
  "CREATE TABLE record (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID";

/** Settings of the connection; none of them writes to the file. */
const CONNECTION = `
  PRAGMA busy_timeout = 0;            -- waiting is ours, see failure.ts
  PRAGMA synchronous = FULL;          -- in WAL mode: one fsync at every commit, before it returns
  PRAGMA fullfsync = ON;              -- macOS: through the drive's cache too
  PRAGMA checkpoint_fullfsync = ON;
  PRAGMA secure_delete = ON;          -- a deleted key's token is overwritten, not left in a free page
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;        -- notice damage on reading a page, before using it
  PRAGMA mmap_size = 0;               -- a truncated file is an error, not a SIGBUS
`;

/**
 * Opens `file`, making it if there is none, with mode 0600; SQLite gives its -wal and -shm files the same mode.
 *
 * @param timeout milliseconds to wait while other processes hold the file
 * @throws {StoreError} `Unavailable`
 */
export function openDatabase(file: string, timeout: number): DatabaseSync {
  const sqlite = loadSqlite();
  try {
    createPrivately(file);
    return whenFreeBlocking(timeout, () => openOnce(sqlite, file));
  } catch (error) {
    throw storeError(file, error);
  }
}

/** Not a static import: where `node:sqlite` is missing, that would fail before anybody could say what is wrong. */
function loadSqlite(): typeof import("node:sqlite") {
  const sqlite = globalThis.process?.getBuiltinModule?.("node:sqlite");
  if (sqlite === undefined) {
    const version = globalThis.process?.version ?? "a runtime without it";
    throw new StoreError(
      "Unavailable",
      `the SQLite store needs node:sqlite, Node.js 22.13 or newer; this is ${version}`,
    );
  }
  return sqlite;
}

/**
 * Makes an empty file, which SQLite takes for an empty database. A file that exists is never opened here: closing it would drop
 * the locks that this process holds on it (https://www.sqlite.org/howtocorrupt.html §2.2).
 */
function createPrivately(file: string): void {
  // Importing `node:fs` as a module would load all of Node's streams: 8 ms of every cold start.
  const fs = process.getBuiltinModule("node:fs");
  try {
    fs.closeSync(fs.openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    // SQLite would silently open it for reading only, and fail at the first commit instead of now.
    fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK);
  }
}

function openOnce(sqlite: typeof import("node:sqlite"), file: string): DatabaseSync {
  const database = new sqlite.DatabaseSync(file);
  try {
    database.enableDefensive?.(true);
    database.exec(CONNECTION);
    transaction(database, "DEFERRED", () => isNew(database, file));
    const mode = pragma(database, "journal_mode = WAL");
    if (mode !== "wal") {
      throw new StoreError(
        "Unavailable",
        `database ${file} can't use a write-ahead log here (mode ${String(mode)})`,
      );
    }
    transaction(database, "IMMEDIATE", () => {
      // Asked again, now that no other process can be making it at the same time.
      if (isNew(database, file)) {
        database.exec(
          `${TABLE}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`,
        );
      }
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether the database is empty and to be made ours; throws unless it is that or ours already. */
function isNew(database: DatabaseSync, file: string): boolean {
  const applicationId = pragma(database, "application_id");
  const userVersion = pragma(database, "user_version");
  if (applicationId === 0 && userVersion === 0) {
    if (database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined) return true;
  }
  if (applicationId !== APPLICATION_ID || typeof userVersion !== "number") {
    throw new StoreError(
      "Unavailable",
      `${file} is an SQLite database of another application; it was not touched`,
    );
  }
  if (userVersion > SCHEMA_VERSION) {
    throw new StoreError(
      "Unavailable",
      `database ${file} has schema version ${userVersion}, made by a newer KMSLite; this one knows up to ${SCHEMA_VERSION}`,
    );
  }
  // Other tables are let be (replication tools keep theirs beside ours); whatever acts on ours is not.
  const acting = database
    .prepare("SELECT sql FROM sqlite_schema WHERE tbl_name = 'record' OR type IN ('trigger', 'view')")
    .all()
    .map(({ sql }) => sql);
  if (userVersion !== SCHEMA_VERSION || acting.length !== 1 || acting[0] !== TABLE) {
    throw damaged(file, "its schema is not the one that was written");
  }
  return false;
}

/** The value that a pragma answers with. */
function pragma(database: DatabaseSync, statement: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${statement}`).get() ?? {})[0];
}

/**
 * Runs `work` in one transaction, and rolls back whatever it did when it throws.
 *
 * @param kind `IMMEDIATE` takes the right to write at the start, so that no later step finds the database busy
 */
export function transaction<T>(database: DatabaseSync, kind: "DEFERRED" | "IMMEDIATE", work: () => T): T {
  database.exec(`BEGIN ${kind}`);
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // After some failures (disk full, I/O error) SQLite has rolled back by itself; the first error tells why.
    }
    throw error;
  }
}
