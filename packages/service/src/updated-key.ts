/** The one way to write a key's record anew: what related keys share is never forgotten. */
import type { Mutation } from "@kmslite/store/authenticated";
import { encodeKey, type KeyRecord, type Row } from "./database/records.ts";
import type { Runtime } from "./runtime.ts";

/** Writes a key's record anew, and with it those of its related keys if something changes that they share. */
export async function updatedKey(runtime: Runtime, key: Row<KeyRecord>, value: KeyRecord): Promise<Mutation> {
  const own = { record: key.record, payload: encodeKey(value) };
  if (value.related === undefined) return { updates: [own] };
  const { sharedUpdates } = await import("./shared-properties.ts");
  return { updates: [own, ...(await sharedUpdates(runtime, key.value, value))] };
}
