/** A process that makes the commit on the SQLite file it is given, says so, and closes it. */
import { sqliteStore } from "@kmslite/store/sqlite";
import { MUTATION } from "./mutation.ts";

const store = sqliteStore({ path: process.argv[2] ?? "" });
if (await store.commit(MUTATION)) process.stdout.write("acknowledged");
await store.close();
