/**
 * Requests per second of an account in a Region, as AWS KMS grants them by default (AWS KMS Developer Guide, "Request
 * quotas", as of 2026). What is not listed has no quota.
 */
import type { RequestQuotas } from "./request-quotas.ts";

/** Regions with more, or fewer, than the others. */
const SYMMETRIC: Readonly<Record<string, number>> = {
  "ap-northeast-1": 20_000,
  "ap-southeast-1": 20_000,
  "ap-southeast-2": 20_000,
  "eu-central-1": 20_000,
  "eu-west-1": 100_000,
  "eu-west-2": 20_000,
  "us-east-1": 100_000,
  "us-east-2": 20_000,
  "us-west-2": 100_000,
};

export function awsRequestQuotas(region: string): RequestQuotas {
  const china = region.startsWith("cn-");
  return {
    "Cryptographic operations (symmetric)": SYMMETRIC[region] ?? 10_000,
    "Cryptographic operations (RSA)": 1000,
    "Cryptographic operations (ML-DSA)": 1000,
    "Cryptographic operations (ECC and SM2)": 1000,
    "Custom key store": 1800,
    CancelKeyDeletion: 5,
    ConnectCustomKeyStore: 5,
    CreateAlias: 5,
    CreateCustomKeyStore: 5,
    CreateGrant: 50,
    CreateKey: 5,
    DeleteAlias: 15,
    DeleteCustomKeyStore: 5,
    DeleteImportedKeyMaterial: 15,
    DescribeCustomKeyStores: 5,
    DescribeKey: 2000,
    DisableKey: 5,
    DisableKeyRotation: 5,
    DisconnectCustomKeyStore: 5,
    EnableKey: 5,
    EnableKeyRotation: 15,
    "GenerateDataKeyPair (ECC_NIST_P256)": 100,
    "GenerateDataKeyPair (ECC_NIST_P384)": 100,
    "GenerateDataKeyPair (ECC_NIST_P521)": 100,
    "GenerateDataKeyPair (ECC_SECG_P256K1)": 100,
    "GenerateDataKeyPair (ECC_NIST_EDWARDS25519)": 100,
    "GenerateDataKeyPair (RSA_2048)": china ? 1 : 20,
    "GenerateDataKeyPair (RSA_3072)": china ? 0.5 : 4,
    "GenerateDataKeyPair (RSA_4096)": china ? 0.1 : 1,
    "GenerateDataKeyPair (SM2)": 25,
    GetKeyLastUsage: 5,
    GetKeyPolicy: 1000,
    GetKeyRotationStatus: 1000,
    GetParametersForImport: 1,
    GetPublicKey: 2000,
    ImportKeyMaterial: 15,
    ListAliases: 500,
    ListGrants: 100,
    ListKeyPolicies: 100,
    ListKeyRotations: 100,
    ListKeys: 500,
    ListResourceTags: 2000,
    ListRetirableGrants: 100,
    PutKeyPolicy: 15,
    ReplicateKey: 5,
    RetireGrant: 50,
    RevokeGrant: 50,
    RotateKeyOnDemand: 5,
    ScheduleKeyDeletion: 15,
    TagResource: 10,
    UntagResource: 5,
    UpdateAlias: 5,
    UpdateCustomKeyStore: 5,
    UpdateKeyDescription: 5,
    UpdatePrimaryRegion: 5,
  };
}
