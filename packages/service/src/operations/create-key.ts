import { randomKeyId } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import type { Call } from "../call.ts";
import { accountKeyKey, keyKey } from "../database/keys.ts";
import { encodeKey, type KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { type KeyMetadata, keyMetadata } from "../key-metadata.ts";
import { assertKeyPolicy } from "../key-policy.ts";
import { algorithmsOf, isImportable, isInRegion } from "../key-specs.ts";
import { together } from "../mutations.ts";
import { type Operation, operation } from "../operation.ts";
import { withFreshMaterial, withMaterial } from "../rotation.ts";
import { customKeyStoreId, description, policy, type Tag, tags } from "../shapes/common.ts";
import {
  CUSTOMER_MASTER_KEY_SPECS,
  type CustomerMasterKeySpec,
  KEY_SPECS,
  KEY_USAGES,
  type KeySpec,
  type KeyUsageType,
  ORIGINS,
  type OriginType,
} from "../shapes/key-types.ts";
import { boolean, oneOf, optional, text, type Validated } from "../shapes/shape.ts";

export interface CreateKeyRequest {
  Policy?: string | undefined;
  Description?: string | undefined;
  KeyUsage?: KeyUsageType | undefined;
  /** @deprecated The former name of KeySpec. */
  CustomerMasterKeySpec?: CustomerMasterKeySpec | undefined;
  KeySpec?: KeySpec | undefined;
  Origin?: OriginType | undefined;
  CustomKeyStoreId?: string | undefined;
  BypassPolicyLockoutSafetyCheck?: boolean | undefined;
  Tags?: Tag[] | undefined;
  MultiRegion?: boolean | undefined;
  XksKeyId?: string | undefined;
}

export interface CreateKeyResponse {
  KeyMetadata?: KeyMetadata | undefined;
}

/** Makes a KMS key with its first backing key. */
export const createKey: Operation<CreateKeyRequest, CreateKeyResponse> = operation("CreateKey", {
  input: {
    Policy: optional(policy),
    Description: optional(description),
    KeyUsage: optional(oneOf(KEY_USAGES)),
    CustomerMasterKeySpec: optional(oneOf(CUSTOMER_MASTER_KEY_SPECS)),
    KeySpec: optional(oneOf(KEY_SPECS)),
    Origin: optional(oneOf(ORIGINS)),
    CustomKeyStoreId: optional(customKeyStoreId),
    BypassPolicyLockoutSafetyCheck: optional(boolean),
    Tags: optional(tags),
    MultiRegion: optional(boolean),
    XksKeyId: optional(text({ minimum: 1, maximum: 128, pattern: "^[a-zA-Z0-9-_.]+$" })),
  },
  run: async (call, input) => {
    const kind = kindOf(input, call.caller.region);
    if (input.Policy !== undefined) {
      await assertKeyPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck);
    }
    const inKeyStore = await keyStoreOf(kind, input);
    const giveBack = await takeRoom(call);
    try {
      return { KeyMetadata: keyMetadata(await make(call, input, kind, inKeyStore)) };
    } catch (error) {
      giveBack?.();
      throw error;
    }
  },
});

/** Room for one more key, where there is a quota of them. @returns gives it back */
async function takeRoom(call: Call): Promise<(() => void) | undefined> {
  if (call.runtime.limits.keysPerRegion === Number.POSITIVE_INFINITY) return undefined;
  const { takeRoomForKey } = await import("../quotas/key-quota.ts");
  return takeRoomForKey(call);
}

/** Commits the key, in its key store too if it goes into one. */
async function make(
  call: Call,
  input: Validated<CreateKeyRequest>,
  kind: Kind,
  inKeyStore: Awaited<ReturnType<typeof keyStoreOf>>,
): Promise<KeyRecord> {
  const { key, mutation } = await withFirstMaterial(call, await newKey(call, input, kind));
  const commit = (made: KeyRecord, also: Mutation = {}) =>
    call.commit(
      together(mutation, also, {
        inserts: [
          { key: keyKey(made.region, made.keyId), payload: encodeKey(made) },
          { key: accountKeyKey(made, made.keyId), payload: new Uint8Array(0) },
        ],
      }),
    );
  if (inKeyStore !== undefined) return inKeyStore(call, key, input, commit);
  await commit(key);
  return key;
}

/** What makes the key in its custom key store, for a key that goes into one. */
async function keyStoreOf(
  kind: Kind,
  input: Validated<CreateKeyRequest>,
): Promise<typeof import("../key-stores/new-key.ts").createInKeyStore | undefined> {
  const { origin } = kind;
  const inKeyStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
  if (!inKeyStore && input.CustomKeyStoreId === undefined && input.XksKeyId === undefined) return undefined;
  // Loaded on demand: who has no custom key stores has none of their code.
  const { assertKeyStoreParameters, createInKeyStore } = await import("../key-stores/new-key.ts");
  assertKeyStoreParameters(kind, input);
  return createInKeyStore;
}

/** What can't be changed about a key once it is made. */
type Kind = Pick<KeyRecord, "keySpec" | "keyUsage" | "origin">;

async function newKey(call: Call, input: Validated<CreateKeyRequest>, kind: Kind): Promise<KeyRecord> {
  const multiRegion = input.MultiRegion ?? false;
  return {
    accountId: call.caller.accountId,
    region: call.caller.region,
    keyId: randomKeyId(call.runtime.database.cryptography.random, multiRegion),
    ...kind,
    // Imported material is waited for.
    state: kind.origin === "EXTERNAL" ? "PendingImport" : "Enabled",
    description: input.Description ?? "",
    createdAt: call.now,
    multiRegion,
    tags: await tagsOf(call, input),
    ...(input.Policy === undefined ? {} : { policy: input.Policy }),
    keyMaterialId: "",
    materialCount: 0,
    onDemandRotations: 0,
  };
}

async function tagsOf(call: Call, { Tags = [] }: Validated<CreateKeyRequest>): Promise<KeyRecord["tags"]> {
  if (Tags.length === 0) return [];
  const { withTags } = await import("../tags.ts");
  return withTags([], Tags, call.runtime.limits);
}

async function withFirstMaterial(
  call: Call,
  key: KeyRecord,
): Promise<{ readonly key: KeyRecord; readonly mutation: Mutation }> {
  if (key.origin === "EXTERNAL") return { key, mutation: {} };
  if (key.keySpec === "SYMMETRIC_DEFAULT") {
    return withFreshMaterial(call.runtime, key, undefined, call.now);
  }
  // Loaded on demand, so that whoever has symmetric keys alone loads no other cryptography.
  const { freshMaterial } = await import("../key-material.ts");
  return withMaterial(key, await freshMaterial(call.runtime, key, key.keySpec), undefined, call.now);
}

/** @throws {KmsError} ValidationException or UnsupportedOperationException if AWS has no such keys */
function kindOf(input: Validated<CreateKeyRequest>, region: string): Kind {
  if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
    throw new KmsError(
      "ValidationException",
      "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.",
    );
  }
  const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  if (!isInRegion(keySpec, region)) {
    throw new KmsError("UnsupportedOperationException", `KeySpec ${keySpec} is not supported in ${region}`);
  }
  const keyUsage = input.KeyUsage ?? (keySpec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : undefined);
  if (keyUsage === undefined) {
    throw new KmsError(
      "ValidationException",
      "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    );
  }
  if (algorithmsOf(keySpec)[keyUsage] === undefined) {
    throw new KmsError(
      "ValidationException",
      `KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`,
    );
  }
  return { keySpec, keyUsage, origin: originOf(input, keySpec) };
}

function originOf(input: Validated<CreateKeyRequest>, keySpec: KeySpec): OriginType {
  const origin = input.Origin ?? "AWS_KMS";
  if (origin === "EXTERNAL" && !isImportable(keySpec)) {
    throw new KmsError(
      "UnsupportedOperationException",
      `Origin EXTERNAL is not supported for KeySpec ${keySpec}`,
    );
  }
  return origin;
}
