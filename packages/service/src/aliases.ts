/** Aliases: their rules, and the two records in which each one stands. */
import { type AuthenticRecord, type Mutation, reaches } from "@kmslite/store/authenticated";
import type { Place } from "./arn.ts";
import type { Call } from "./call.ts";
import { ConflictError } from "./conflict.ts";
import { aliasKey, keyAliasKey, under } from "./database/keys.ts";
import { type AliasRecord, encode, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Holds the key that an alias shall name as it is, and takes its turn: two aliases that are made at the same time may
 * not both have found room for one.
 *
 * @throws {KmsError} LimitExceededException if the key has as many aliases as it may have
 */
export async function roomForAlias(call: Call, key: Row<KeyRecord>): Promise<Mutation> {
  const { aliasesPerKey } = call.runtime.limits;
  const { records } = call.runtime.database;
  const { start, end } = under(keyAliasKey(key.value.region, key.value.keyId, "alias/"));
  let count = 0;
  for (let from = start; ; ) {
    const page = await records.list({ start: from, end, limit: Math.min(aliasesPerKey + 1, 1000) });
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || count > aliasesPerKey || reaches(last.next, end)) break;
    from = last.next;
  }
  if (count >= aliasesPerKey) {
    throw new KmsError(
      "LimitExceededException",
      `Aliases per key quota for this account in this region is ${aliasesPerKey}, current usage is ${count}.`,
    );
  }
  return { updates: [{ record: key.record, payload: key.record.payload }] };
}

/** A new alias. */
export function insertedAlias(place: Place, alias: AliasRecord): Mutation {
  const payload = encode(alias);
  return {
    inserts: [
      { key: aliasKey(place, alias.name), payload },
      { key: keyAliasKey(place.region, alias.keyId, alias.name), payload },
    ],
  };
}

/** An alias that names another key, or the same one anew. */
export async function movedAlias(call: Call, alias: Row<AliasRecord>, moved: AliasRecord): Promise<Mutation> {
  const index = await indexOf(call.runtime, call.caller.region, alias.value);
  const payload = encode(moved);
  const update = { record: alias.record, payload };
  if (moved.keyId === alias.value.keyId) return { updates: [update, { record: index, payload }] };
  const place = keyAliasKey(call.caller.region, moved.keyId, moved.name);
  return { updates: [update], removals: [index], inserts: [{ key: place, payload }] };
}

/** No more alias. */
export async function removedAlias(
  runtime: Runtime,
  region: string,
  alias: Row<AliasRecord>,
): Promise<Mutation> {
  const index = await indexOf(runtime, region, alias.value);
  return { removals: [alias.record, index] };
}

/** Both records of an alias change together, so one without the other is a change seen halfway. */
async function indexOf(runtime: Runtime, region: string, alias: AliasRecord): Promise<AuthenticRecord> {
  const record = await runtime.database.records.get(keyAliasKey(region, alias.keyId, alias.name));
  if (record === undefined) throw new ConflictError();
  return record;
}
