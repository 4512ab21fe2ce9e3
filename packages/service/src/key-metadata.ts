/** What DescribeKey and CreateKey tell about a key. */
import { keyArn } from "./arn.ts";
import type { KeyRecord, KeyState } from "./database/records.ts";
import { algorithmsOf } from "./key-specs.ts";
import { isPrimary, relatedKeys } from "./related-keys.ts";
import type {
  EncapsulationAlgorithmSpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from "./shapes/algorithms.ts";
import {
  CUSTOMER_MASTER_KEY_SPECS,
  type CustomerMasterKeySpec,
  type KeySpec,
  type KeyUsageType,
  type OriginType,
} from "./shapes/key-types.ts";

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
  ValidTo?: Date | undefined;
  Origin?: OriginType | undefined;
  ExpirationModel?: "KEY_MATERIAL_EXPIRES" | "KEY_MATERIAL_DOES_NOT_EXPIRE" | undefined;
  KeyManager?: "AWS" | "CUSTOMER" | undefined;
  /** @deprecated The former name of KeySpec. */
  CustomerMasterKeySpec?: CustomerMasterKeySpec | undefined;
  KeySpec?: KeySpec | undefined;
  EncryptionAlgorithms?: EncryptionAlgorithmSpec[] | undefined;
  SigningAlgorithms?: SigningAlgorithmSpec[] | undefined;
  KeyAgreementAlgorithms?: KeyAgreementAlgorithmSpec[] | undefined;
  EncapsulationAlgorithms?: EncapsulationAlgorithmSpec[] | undefined;
  MultiRegion?: boolean | undefined;
  MultiRegionConfiguration?: MultiRegionConfiguration | undefined;
  PendingDeletionWindowInDays?: number | undefined;
  MacAlgorithms?: MacAlgorithmSpec[] | undefined;
  CurrentKeyMaterialId?: string | undefined;
  CustomKeyStoreId?: string | undefined;
  CloudHsmClusterId?: string | undefined;
  XksKeyConfiguration?: XksKeyConfigurationType | undefined;
}

/** The external key that a key of an external key store stands for. */
export interface XksKeyConfigurationType {
  Id?: string | undefined;
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
    ...expiration(key),
    Origin: key.origin,
    KeyManager: key.manager ?? "CUSTOMER",
    ...keySpecs(key.keySpec),
    ...usableAlgorithms(key),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion ? { MultiRegionConfiguration: multiRegionConfiguration(key) } : {}),
    ...(key.pendingWindowInDays === undefined
      ? {}
      : { PendingDeletionWindowInDays: key.pendingWindowInDays }),
    ...(key.customKeyStoreId === undefined ? {} : { CustomKeyStoreId: key.customKeyStoreId }),
    ...(key.cloudHsmClusterId === undefined ? {} : { CloudHsmClusterId: key.cloudHsmClusterId }),
    ...(key.xksKeyId === undefined ? {} : { XksKeyConfiguration: { Id: key.xksKeyId } }),
    // Keys of custom key stores are not rotated, and have no current material to tell of.
    ...(key.keySpec === "SYMMETRIC_DEFAULT" && key.keyMaterialId !== "" && key.customKeyStoreId === undefined
      ? { CurrentKeyMaterialId: key.keyMaterialId }
      : {}),
  };
}

/** Of imported material only, while there is any. */
function expiration(key: KeyRecord): Pick<KeyMetadata, "ExpirationModel" | "ValidTo"> {
  if (key.expiration === undefined) return {};
  const { validTo } = key.expiration;
  if (validTo === undefined) return { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };
  return { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: new Date(validTo) };
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

/** The key spec under both of its names; the former one does not know the specs that came after it. */
export function keySpecs(keySpec: KeySpec): Pick<KeyMetadata, "CustomerMasterKeySpec" | "KeySpec"> {
  const former = CUSTOMER_MASTER_KEY_SPECS.find((spec) => spec === keySpec);
  return { ...(former === undefined ? {} : { CustomerMasterKeySpec: former }), KeySpec: keySpec };
}

/** The one list of algorithms that goes with the key's usage. */
export function usableAlgorithms({
  keySpec,
  keyUsage,
}: Pick<KeyRecord, "keySpec" | "keyUsage">): Pick<
  KeyMetadata,
  | "EncryptionAlgorithms"
  | "SigningAlgorithms"
  | "MacAlgorithms"
  | "KeyAgreementAlgorithms"
  | "EncapsulationAlgorithms"
> {
  const algorithms = algorithmsOf(keySpec);
  switch (keyUsage) {
    case "ENCRYPT_DECRYPT":
      return { EncryptionAlgorithms: [...(algorithms.ENCRYPT_DECRYPT ?? [])] };
    case "SIGN_VERIFY":
      return { SigningAlgorithms: [...(algorithms.SIGN_VERIFY ?? [])] };
    case "GENERATE_VERIFY_MAC":
      return { MacAlgorithms: [...(algorithms.GENERATE_VERIFY_MAC ?? [])] };
    case "KEY_AGREEMENT":
      return { KeyAgreementAlgorithms: [...(algorithms.KEY_AGREEMENT ?? [])] };
    case "ENCAPSULATE_DECAPSULATE":
      return { EncapsulationAlgorithms: [...(algorithms.ENCAPSULATE_DECAPSULATE ?? [])] };
  }
}
