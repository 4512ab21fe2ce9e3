import { keyArn, partitionOf } from "../arn.ts";
import { authorizeReplica } from "../authorization/authorize.ts";
import type { Call } from "../call.ts";
import { accountKeyKey, keyKey } from "../database/keys.ts";
import { encodeKey, type KeyRecord, type RelatedKeys } from "../database/records.ts";
import { defaultKeyPolicy } from "../default-key-policy.ts";
import { KmsError } from "../errors.ts";
import { withSharedMaterials } from "../imported-materials.ts";
import { type KeyMetadata, keyMetadata } from "../key-metadata.ts";
import { assertKeyPolicy } from "../key-policy.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { relatedKeys } from "../related-keys.ts";
import { description, keyId, policy, region, type Tag, tags } from "../shapes/common.ts";
import { boolean, optional, required, type Validated } from "../shapes/shape.ts";
import { assertMultiRegionPrimary, MAXIMUM_REPLICAS } from "../shared-properties.ts";
import { withTags } from "../tags.ts";

export interface ReplicateKeyRequest {
  KeyId: string | undefined;
  ReplicaRegion: string | undefined;
  Policy?: string | undefined;
  BypassPolicyLockoutSafetyCheck?: boolean | undefined;
  Description?: string | undefined;
  Tags?: Tag[] | undefined;
}

export interface ReplicateKeyResponse {
  ReplicaKeyMetadata?: KeyMetadata | undefined;
  ReplicaPolicy?: string | undefined;
  ReplicaTags?: Tag[] | undefined;
}

/**
 * Makes a replica of a multi-Region primary key in another Region: the same key id and material, all else its own.
 *
 * The answer tells of the state Creating, as at AWS; here the replica is ready by then. One for imported material has none yet.
 */
export const replicateKey: Operation<ReplicateKeyRequest, ReplicateKeyResponse> = keyOperation(
  "ReplicateKey",
  {
    input: {
      KeyId: required(keyId),
      ReplicaRegion: required(region),
      Policy: optional(policy),
      BypassPolicyLockoutSafetyCheck: optional(boolean),
      Description: optional(description),
      Tags: optional(tags),
    },
    allowedIn: ["Enabled"],
    run: async (call, input, key) => {
      assertMultiRegionPrimary(key.value);
      const related = await withReplica(call, key.value, input.ReplicaRegion);
      const replica = replicaOf(call, key.value, related, input);
      authorizeReplica(call, replica);
      if (input.Policy !== undefined) {
        await assertKeyPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck, replica);
      }
      await call.updateKey(
        key,
        { ...key.value, related },
        {
          inserts: [
            { key: keyKey(replica.region, replica.keyId), payload: encodeKey(replica) },
            { key: accountKeyKey(replica, replica.keyId), payload: new Uint8Array(0) },
          ],
        },
      );
      return {
        ReplicaKeyMetadata: keyMetadata({ ...replica, state: "Creating" }),
        ReplicaPolicy: replica.policy ?? defaultKeyPolicy(replica),
        ReplicaTags: replica.tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
      };
    },
  },
);

/** The family with one more Region in it. */
async function withReplica(call: Call, key: KeyRecord, replicaRegion: string): Promise<RelatedKeys> {
  const { regions } = call.runtime;
  if (partitionOf(replicaRegion) !== partitionOf(key.region) || regions?.includes(replicaRegion) === false) {
    throw new KmsError(
      "UnsupportedOperationException",
      `${keyArn(key, key.keyId)} cannot be replicated to ${replicaRegion}: the Region is not available here.`,
    );
  }
  const related = relatedKeys(key);
  const taken = [related.primary, ...related.replicas].includes(replicaRegion);
  // The records of a deleted replica may be there still for a moment.
  if (taken || (await call.runtime.key(replicaRegion, key.keyId, false)) !== undefined) {
    const arn = keyArn({ ...key, region: replicaRegion }, key.keyId);
    throw new KmsError("AlreadyExistsException", `${arn} already exists.`);
  }
  if (related.replicas.length >= MAXIMUM_REPLICAS) {
    throw new KmsError("LimitExceededException", `A key can have at most ${MAXIMUM_REPLICAS} replicas.`);
  }
  return { ...related, replicas: [...related.replicas, replicaRegion].sort() };
}

function replicaOf(
  call: Call,
  primary: KeyRecord,
  related: RelatedKeys,
  input: Validated<ReplicateKeyRequest>,
): KeyRecord {
  const { policy: _policy, imported, expiration: _expiration, ...shared } = primary;
  const replica: KeyRecord = {
    ...shared,
    related,
    region: input.ReplicaRegion,
    state: "Enabled",
    createdAt: call.now,
    description: input.Description ?? "",
    tags: withTags([], input.Tags ?? [], call.runtime.limits),
    ...(input.Policy === undefined ? {} : { policy: input.Policy }),
  };
  // Imported material has to be imported into each Region.
  return imported === undefined ? replica : withSharedMaterials(replica, primary);
}
