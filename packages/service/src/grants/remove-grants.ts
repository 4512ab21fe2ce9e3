/** The grants of a key that is being deleted go with it, in pieces: there may be 50,000 of them. */
import { grantCountKey, grantKey, under } from "../database/keys.ts";
import { decode, type GrantRecord, type KeyRecord } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { removedRecords } from "./grants.ts";

/** Grants removed in one commit: each has up to three records, each may touch its predecessor too, and a commit holds 100. */
const BATCH = 16;

/** Commits of one call: whoever waits for due work does not wait for all of 50,000 grants. */
const COMMITS = 50;

/**
 * Removes the grants of a key, up to 800 at once.
 *
 * @returns `true` when none is left, `false` when it must go on later
 */
export async function removeGrants(runtime: Runtime, { region, keyId }: KeyRecord): Promise<boolean> {
  const { records } = runtime.database;
  for (let commits = 0; commits < COMMITS; commits++) {
    const listed = await records.list({ ...under(grantKey(region, keyId, "")), limit: BATCH });
    if (listed.length === 0) {
      const count = await records.get(grantCountKey(region, keyId));
      return count === undefined || runtime.commit({ removals: [count] });
    }
    const grants = listed.map((record) => decode<GrantRecord>(record));
    const removals = await Promise.all(grants.map((grant) => removedRecords(runtime, grant)));
    if (!(await runtime.commit(together(...removals)))) return false;
  }
  return false;
}
