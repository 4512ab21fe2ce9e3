/**
 * Related multi-Region keys: one primary key and its replicas, each a KMS key of its own in its Region.
 *
 * They share key id, material, spec, usage, origin and rotation; everything else is each one's own. What they share stands in
 * the record of every one of them, so that an operation reads one record; whoever changes it changes all of them in one commit.
 */
import { keyArn } from "./arn.ts";
import type { KeyRecord, RelatedKeys } from "./database/records.ts";
import { KmsError } from "./errors.ts";

/** The family of a key. */
export function relatedKeys({ related, region }: Pick<KeyRecord, "related" | "region">): RelatedKeys {
  return related ?? { primary: region, replicas: [], material: region };
}

/** Whether a key is no replica. Single-Region keys are none. */
export function isPrimary(key: Pick<KeyRecord, "related" | "region">): boolean {
  return relatedKeys(key).primary === key.region;
}

/** @throws {KmsError} UnsupportedOperationException if the key is a replica: what is shared is changed at the primary key */
export function assertNotReplica(key: KeyRecord): void {
  if (isPrimary(key)) return;
  throw new KmsError(
    "UnsupportedOperationException",
    `${keyArn(key, key.keyId)} is a multi-Region replica key; its primary key is in ${relatedKeys(key).primary}.`,
  );
}
