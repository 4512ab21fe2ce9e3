/** Grants as records: made, found, listed and taken away, together with their places in the indexes. */
import type { AuthenticRecord, Mutation } from "@kmslite/store/authenticated";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import { ConflictError } from "../conflict.ts";
import { grantCountKey, grantKey, grantNameKey, retirableKey } from "../database/keys.ts";
import {
  decode,
  encode,
  type GrantCountRecord,
  type GrantRecord,
  type KeyRecord,
  type Row,
} from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { constraintsEntry, type GrantConstraints } from "./grant-constraints.ts";
import { principalDigest } from "./grant-id.ts";
import type { GrantOperation } from "./grant-operations.ts";

/** A grant as the lists tell it. */
export interface GrantListEntry {
  KeyId?: string | undefined;
  GrantId?: string | undefined;
  Name?: string | undefined;
  CreationDate?: Date | undefined;
  GranteePrincipal?: string | undefined;
  RetiringPrincipal?: string | undefined;
  IssuingAccount?: string | undefined;
  Operations?: GrantOperation[] | undefined;
  Constraints?: GrantConstraints | undefined;
  GranteeServicePrincipal?: string | undefined;
  RetiringServicePrincipal?: string | undefined;
}

export function grantEntry(grant: GrantRecord): GrantListEntry {
  const entry: GrantListEntry = {
    KeyId: keyArn(grant, grant.keyId),
    GrantId: grant.grantId,
    CreationDate: new Date(grant.createdAt),
    IssuingAccount: grant.issuingAccount,
    Operations: [...grant.operations],
  };
  if (grant.name !== undefined) entry.Name = grant.name;
  if (grant.granteePrincipal !== undefined) entry.GranteePrincipal = grant.granteePrincipal;
  if (grant.granteeServicePrincipal !== undefined)
    entry.GranteeServicePrincipal = grant.granteeServicePrincipal;
  if (grant.retiringPrincipal !== undefined) entry.RetiringPrincipal = grant.retiringPrincipal;
  if (grant.retiringServicePrincipal !== undefined)
    entry.RetiringServicePrincipal = grant.retiringServicePrincipal;
  if (grant.constraints !== undefined) entry.Constraints = constraintsEntry(grant.constraints);
  return entry;
}

/** The digest of all that makes a named request the same as another one. */
export function digestOfRequest(grant: Omit<GrantRecord, "grantId" | "createdAt">): string {
  const same = [
    grant.name,
    grant.issuingAccount,
    grant.granteePrincipal,
    grant.granteeServicePrincipal,
    grant.retiringPrincipal,
    grant.retiringServicePrincipal,
    grant.operations,
    grant.constraints,
  ];
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(same))));
}

/** The id of the grant that an equal request made before, if it still stands. */
export async function grantOfRequest(
  runtime: Runtime,
  key: KeyRecord,
  digest: string,
): Promise<string | undefined> {
  const record = await runtime.database.records.get(grantNameKey(key.region, key.keyId, digest));
  return record === undefined ? undefined : decode<GrantRecord>(record).value.grantId;
}

/**
 * A new grant: its records, one more in the count. The key is held still, so that no grant is made on one that goes.
 *
 * @throws {KmsError} LimitExceededException if the key has as many as it may have
 */
export async function insertedGrant(call: Call, key: Row<KeyRecord>, grant: GrantRecord): Promise<Mutation> {
  const payload = encode(grant);
  const places = [grantKey(grant.region, grant.keyId, grant.grantId), ...indexes(grant)];
  const inserts = places.map((place) => ({ key: place, payload }));
  const count = await counted(call.runtime, grant, 1, call.runtime.limits.grantsPerKey);
  return together({ unchanged: [key.record], inserts }, count);
}

/** No more grant. */
export async function removedGrant(runtime: Runtime, grant: Row<GrantRecord>): Promise<Mutation> {
  const count = await counted(runtime, grant.value, -1, Number.POSITIVE_INFINITY);
  return together(await removedRecords(runtime, grant), count);
}

/** The records of a grant and of its places in the indexes, without the count; all change together. */
export async function removedRecords(runtime: Runtime, grant: Row<GrantRecord>): Promise<Mutation> {
  const removals: AuthenticRecord[] = [grant.record];
  for (const place of indexes(grant.value)) {
    const record = await runtime.database.records.get(place);
    if (record === undefined) throw new ConflictError();
    removals.push(record);
  }
  return { removals };
}

/** A grant of a key; @throws {KmsError} NotFoundException if there is none of this id */
export async function existingGrant(
  runtime: Runtime,
  region: string,
  keyId: string,
  grantId: string,
): Promise<Row<GrantRecord>> {
  const record = await runtime.database.records.get(grantKey(region, keyId, grantId));
  if (record === undefined) throw new KmsError("NotFoundException", `Grant ID ${grantId} not found`);
  return decode<GrantRecord>(record);
}

/** Where else a grant stands: by its named request, and by who may retire it. */
function indexes(grant: GrantRecord): readonly string[] {
  const { region, keyId, grantId, nameDigest } = grant;
  const retiring = grant.retiringPrincipal ?? grant.retiringServicePrincipal;
  return [
    ...(nameDigest === undefined ? [] : [grantNameKey(region, keyId, nameDigest)]),
    ...(retiring === undefined ? [] : [retirableKey(region, principalDigest(retiring), keyId, grantId)]),
  ];
}

async function counted(
  runtime: Runtime,
  { region, keyId }: GrantRecord,
  change: 1 | -1,
  limit: number,
): Promise<Mutation> {
  const place = grantCountKey(region, keyId);
  const record = await runtime.database.records.get(place);
  const count = record === undefined ? 0 : decode<GrantCountRecord>(record).value.count;
  if (count + change > limit) {
    throw new KmsError(
      "LimitExceededException",
      `Grants per key quota for this account in this region is ${limit}, current usage is ${count}.`,
    );
  }
  const payload = encode({ count: count + change });
  if (record === undefined) return { inserts: [{ key: place, payload }] };
  return { updates: [{ record, payload }] };
}
