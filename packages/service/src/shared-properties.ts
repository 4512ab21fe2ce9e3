/** What related keys share, and how it comes into the records of all of them (`related-keys.ts`). */
import type { Mutation } from "@kmslite/store/authenticated";
import { keyArn } from "./arn.ts";
import { ConflictError } from "./conflict.ts";
import { keyKey } from "./database/keys.ts";
import { decode, encodeKey, type KeyRecord, type Row } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { sharedMaterials, withSharedMaterials } from "./imported-materials.ts";
import { isPrimary, relatedKeys } from "./related-keys.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Replicas of one primary key. A commit holds 100 records (the store contract), and a rotation writes each related key and
 * a dozen others; AWS has fewer Regions than this.
 */
export const MAXIMUM_REPLICAS = 64;

/** @throws {KmsError} UnsupportedOperationException if the key is no primary key of the multi-Region kind */
export function assertMultiRegionPrimary(key: KeyRecord): void {
  if (key.multiRegion && isPrimary(key)) return;
  throw new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} is not a multi-Region primary key.`,
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

/** What a change of one key changes in the others of its family before the change. */
export async function sharedUpdates(
  runtime: Runtime,
  before: KeyRecord,
  after: KeyRecord,
): Promise<NonNullable<Mutation["updates"]>> {
  if (sameShared(before, after)) return [];
  const shared = sharedOf(after);
  const others = await otherKeys(runtime, before);
  return others.map(({ record, value }) => ({
    record,
    payload: encodeKey(withSharedMaterials({ ...withoutShared(value), ...shared }, after)),
  }));
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
