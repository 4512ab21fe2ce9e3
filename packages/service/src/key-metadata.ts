/** What DescribeKey and CreateKey tell about a key. */
import { keyArn } from "./arn.ts";
import type { KeyRecord, KeyState } from "./database/records.ts";
import { isPrimary, relatedKeys } from "./related-keys.ts";
import type { EncryptionAlgorithmSpec } from "./shapes/common.ts";
import type { CustomerMasterKeySpec, KeySpec, KeyUsageType, OriginType } from "./shapes/key-types.ts";

export interface MultiRegionKey {
  Arn?: string | undefined;
  Region?: string | undefined;
}

export interface MultiRegionConfiguration {
  MultiRegionKeyType?: "PRIMARY" | "REPLICA" | undefined;
  PrimaryKey?: MultiRegionKey | undefined;
  ReplicaKeys?: MultiRegionKey[] | undefined;
}

export interface KeyMetadata {
  AWSAccountId?: string | undefined;
  KeyId: string | undefined;
  Arn?: string | undefined;
  CreationDate?: Date | undefined;
  Enabled?: boolean | undefined;
  Description?: string | undefined;
  KeyUsage?: KeyUsageType | undefined;
  KeyState?: KeyState | undefined;
  DeletionDate?: Date | undefined;
  Origin?: OriginType | undefined;
  KeyManager?: "AWS" | "CUSTOMER" | undefined;
  /** @deprecated The former name of KeySpec. */
  CustomerMasterKeySpec?: CustomerMasterKeySpec | undefined;
  KeySpec?: KeySpec | undefined;
  EncryptionAlgorithms?: EncryptionAlgorithmSpec[] | undefined;
  MultiRegion?: boolean | undefined;
  MultiRegionConfiguration?: MultiRegionConfiguration | undefined;
  PendingDeletionWindowInDays?: number | undefined;
  CurrentKeyMaterialId?: string | undefined;
}

export function keyMetadata(key: KeyRecord): KeyMetadata {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: keyArn(key, key.keyId),
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: key.state,
    ...(key.deletionAt === undefined ? {} : { DeletionDate: new Date(key.deletionAt) }),
    Origin: key.origin,
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: key.multiRegion,
    ...(key.multiRegion ? { MultiRegionConfiguration: multiRegionConfiguration(key) } : {}),
    ...(key.pendingWindowInDays === undefined
      ? {}
      : { PendingDeletionWindowInDays: key.pendingWindowInDays }),
    CurrentKeyMaterialId: key.keyMaterialId,
  };
}

function multiRegionConfiguration(key: KeyRecord): MultiRegionConfiguration {
  const { primary, replicas } = relatedKeys(key);
  const keyIn = (region: string) => ({ Arn: keyArn({ ...key, region }, key.keyId), Region: region });
  return {
    MultiRegionKeyType: isPrimary(key) ? "PRIMARY" : "REPLICA",
    PrimaryKey: keyIn(primary),
    ReplicaKeys: replicas.map(keyIn),
  };
}
