import { randomKeyId } from "@kmslite/hierarchy";
import type { Call } from "../call.ts";
import { accountKeyKey, keyKey } from "../database/keys.ts";
import { encodeKey, type KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { type KeyMetadata, keyMetadata } from "../key-metadata.ts";
import { assertKeyPolicy } from "../key-policy.ts";
import { together } from "../mutations.ts";
import { type Operation, operation } from "../operation.ts";
import { withFreshMaterial } from "../rotation.ts";
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
import { withTags } from "../tags.ts";

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
    assertSupported(input);
    if (input.Policy !== undefined) {
      await assertKeyPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck);
    }
    const { key, mutation } = withFreshMaterial(call.runtime, newKey(call, input), undefined, call.now);
    await call.commit(
      together(mutation, {
        inserts: [
          { key: keyKey(key.region, key.keyId), payload: encodeKey(key) },
          { key: accountKeyKey(key, key.keyId), payload: new Uint8Array(0) },
        ],
      }),
    );
    return { KeyMetadata: keyMetadata(key) };
  },
});

function newKey(call: Call, input: Validated<CreateKeyRequest>): KeyRecord {
  const multiRegion = input.MultiRegion ?? false;
  return {
    accountId: call.caller.accountId,
    region: call.caller.region,
    keyId: randomKeyId(call.runtime.database.cryptography.random, multiRegion),
    keySpec: "SYMMETRIC_DEFAULT",
    keyUsage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    state: "Enabled",
    description: input.Description ?? "",
    createdAt: call.now,
    multiRegion,
    tags: withTags([], input.Tags ?? [], call.runtime.limits),
    ...(input.Policy === undefined ? {} : { policy: input.Policy }),
    keyMaterialId: "",
    materialCount: 0,
    onDemandRotations: 0,
  };
}

function assertSupported(input: Validated<CreateKeyRequest>): void {
  if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
    throw new KmsError(
      "ValidationException",
      "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.",
    );
  }
  const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  if (keySpec !== "SYMMETRIC_DEFAULT") {
    throw new KmsError("UnsupportedOperationException", `KeySpec ${keySpec} is not supported`);
  }
  if (input.KeyUsage !== undefined && input.KeyUsage !== "ENCRYPT_DECRYPT") {
    throw new KmsError(
      "ValidationException",
      `KeyUsage ${input.KeyUsage} is not compatible with KeySpec ${keySpec}`,
    );
  }
  const origin = input.Origin ?? "AWS_KMS";
  if (origin !== "AWS_KMS" || input.CustomKeyStoreId !== undefined || input.XksKeyId !== undefined) {
    throw new KmsError("UnsupportedOperationException", `Origin ${origin} is not supported`);
  }
}
