/**
 * Related multi-Region keys: one primary key and its replicas, each a KMS key of its own in its Region.
 *
 * They share key id, material, spec, usage, origin and rotation; everything else is each one's own. What they share stands in
 * the record of every one of them, so that an operation reads one record; whoever changes it changes all of them in one commit.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { keyArn } from "./arn.ts";
import { ConflictError } from "./conflict.ts";
import { keyKey } from "./database/keys.ts";
import { decode, encodeKey, type KeyRecord, type RelatedKeys, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { sharedMaterials, withSharedMaterials } from "./imported-materials.ts";
import { together } from "./mutations.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Replicas of one primary key. A commit holds 100 records (the store contract), and a rotation writes each related key and
 * a dozen others; AWS has fewer Regions than this.
 */
export const MAXIMUM_REPLICAS = 64;

/** The family of a key. */
export function relatedKeys({ related, region }: Pick<KeyRecord, "related" | "region">): RelatedKeys {
  return related ?? { primary: region, replicas: [], material: region };
}

/** Whether a key is no replica. Single-Region keys are none. */
export function isPrimary(key: Pick<KeyRecord, "related" | "region">): boolean {
  return relatedKeys(key).primary === key.region;
}

/** @throws {KmsError} UnsupportedOperationException if the key is no primary key of the multi-Region kind */
export function assertMultiRegionPrimary(key: KeyRecord): void {
  if (key.multiRegion && isPrimary(key)) return;
  throw new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} is not a multi-Region primary key.`,
  );
}

/** @throws {KmsError} UnsupportedOperationException if the key is a replica: what is shared is changed at the primary key */
export function assertNotReplica(key: KeyRecord): void {
  if (isPrimary(key)) return;
  throw new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} is a multi-Region replica key, for which this operation is not valid. Its primary key is in ` +
      `${relatedKeys(key).primary}.`,
  );
}

/** The other keys of a family, as they stand in the store now. */
export async function otherKeys(
  runtime: Runtime,
  key: Pick<KeyRecord, "related" | "region" | "keyId">,
): Promise<readonly Row<KeyRecord>[]> {
  const { primary, replicas } = relatedKeys(key);
  const regions = [primary, ...replicas].filter((region) => region !== key.region);
  return Promise.all(
    regions.map(async (region) => {
      const record = await runtime.database.records.get(keyKey(region, key.keyId));
      // All of them change together, so a missing one is a change seen halfway.
      if (record === undefined) throw new ConflictError();
      return decode<KeyRecord>(record);
    }),
  );
}

/** Writes a key's record anew, and with it those of its related keys if something changes that they share. */
export async function updatedKey(runtime: Runtime, key: Row<KeyRecord>, value: KeyRecord): Promise<Mutation> {
  const own: Mutation = { updates: [{ record: key.record, payload: encodeKey(value) }] };
  if (value.related === undefined || sameShared(key.value, value)) return own;
  const shared = sharedOf(value);
  const others = await otherKeys(runtime, key.value);
  return together(own, {
    updates: others.map((other) => ({
      record: other.record,
      payload: encodeKey(withSharedMaterials({ ...withoutShared(other.value), ...shared }, value)),
    })),
  });
}

/** What related keys share and what changes in their lives. */
type Shared = Pick<
  KeyRecord,
  "rotation" | "related" | "keyMaterialId" | "materialCount" | "onDemandRotations"
>;

function sharedOf(key: KeyRecord): Shared {
  const { rotation, related, keyMaterialId, materialCount, onDemandRotations } = key;
  return {
    keyMaterialId,
    materialCount,
    onDemandRotations,
    ...(rotation === undefined ? {} : { rotation }),
    ...(related === undefined ? {} : { related }),
  };
}

function withoutShared({ rotation: _rotation, related: _related, ...rest }: KeyRecord): KeyRecord {
  return rest;
}

function sameShared(before: KeyRecord, after: KeyRecord): boolean {
  const all = (key: KeyRecord) => JSON.stringify([sharedOf(key), sharedMaterials(key)]);
  return all(before) === all(after);
}
