/** When a key was last used, as far as this process and the store know. */
import type { KeyRecord } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { readUsage, type UsageRecord } from "./usage-records.ts";

/** The last use of a key; `undefined` if it never was used. */
export async function lastUse(
  runtime: Runtime,
  { region, keyId }: KeyRecord,
): Promise<UsageRecord | undefined> {
  const noted = runtime.lastUsage.recall(region, keyId);
  const stored = await readUsage(runtime.database.records, region, keyId);
  return noted !== undefined && noted.at >= (stored?.at ?? 0) ? noted : stored;
}
