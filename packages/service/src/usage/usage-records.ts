/** The records of last uses. */
import type { AuthenticatedStore, Mutation } from "@kmslite/store/authenticated";
import { keyKey, usageKey } from "../database/keys.ts";
import { decode, encode } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { TrackedOperation, Usage } from "./last-usage.ts";

export interface UsageRecord {
  readonly operation: TrackedOperation;
  readonly at: number;
}

/** Keys of one commit: each takes its own record, that of its use, and the latter's neighbour; a commit holds 100. */
const BATCH = 33;

/** How often a commit is tried that meets changes by others. */
const ATTEMPTS = 8;

/**
 * Writes uses, and takes what it wrote out of `noted`. A key that is gone gets no record again: its own is held still.
 *
 * @throws {Error} if the store fails, or others change the same records again and again
 */
export async function writeUsage(records: AuthenticatedStore, noted: Map<string, Usage>): Promise<void> {
  let attempts = 0;
  while (noted.size > 0) {
    const batch = [...noted].slice(0, BATCH);
    const mutations = await Promise.all(batch.map(([, usage]) => written(records, usage)));
    if (await records.commit(together(...mutations))) {
      for (const [place] of batch) noted.delete(place);
      attempts = 0;
    } else if (++attempts === ATTEMPTS) throw new Error("The times of last use could not be written");
  }
}

/** The use of a key as the store knows it. */
export async function readUsage(
  records: AuthenticatedStore,
  region: string,
  keyId: string,
): Promise<UsageRecord | undefined> {
  const record = await records.get(usageKey(region, keyId));
  return record === undefined ? undefined : decode<UsageRecord>(record).value;
}

async function written(
  records: AuthenticatedStore,
  { region, keyId, operation, at }: Usage,
): Promise<Mutation> {
  const place = usageKey(region, keyId);
  const [key, record] = await Promise.all([records.get(keyKey(region, keyId)), records.get(place)]);
  if (key === undefined) return {};
  const payload = encode({ operation, at } satisfies UsageRecord);
  if (record === undefined) return { unchanged: [key], inserts: [{ key: place, payload }] };
  if (decode<UsageRecord>(record).value.at >= at) return {};
  return { updates: [{ record, payload }] };
}
