/** Aliases: their rules, and the two records in which each one stands. */
import type { AuthenticRecord, Mutation } from "@kmslite/store/authenticated";
import type { Place } from "./arn.ts";
import { type Call, ConflictError } from "./call.ts";
import { aliasKey, keyAliasKey, under } from "./database/keys.ts";
import { type AliasRecord, encode, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

/**
 * An alias of a customer's: `alias/` and a name, and none of AWS's own.
 *
 * @throws {KmsError} ValidationException, InvalidAliasNameException or NotAuthorizedException
 */
export function assertCustomerAlias(name: string): void {
  if (!name.startsWith("alias/")) throw new KmsError("ValidationException", "Invalid identifier");
  if (name.startsWith("alias/aws/")) throw new KmsError("NotAuthorizedException", "");
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    throw new KmsError("InvalidAliasNameException", `${name} contains invalid characters for an alias`);
  }
}

/** @throws {KmsError} LimitExceededException if the key has as many aliases as it may have */
export async function assertRoomForAlias(call: Call, key: KeyRecord): Promise<void> {
  const { aliasesPerKey } = call.runtime.limits;
  const range = under(keyAliasKey(key.region, key.keyId, "alias/"));
  const aliases = await call.runtime.database.records.list({
    ...range,
    limit: Math.min(aliasesPerKey, 1000),
  });
  if (aliases.length >= aliasesPerKey) {
    throw new KmsError("LimitExceededException", `A KMS key can have at most ${aliasesPerKey} aliases`);
  }
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
