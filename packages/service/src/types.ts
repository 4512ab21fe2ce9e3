/** Requests and responses of the operations, with the names and shapes of the official SDK. */

export type { DataKeyRequest } from "./data-keys.ts";
export type { GrantConstraints } from "./grants/grant-constraints.ts";
export type { GrantOperation } from "./grants/grant-operations.ts";
export type { GrantListEntry } from "./grants/grants.ts";
export type {
  KeyMetadata,
  MultiRegionConfiguration,
  MultiRegionKey,
  XksKeyConfigurationType,
} from "./key-metadata.ts";
export type {
  HsmCluster,
  HsmErrorCode,
  HsmSession,
  KeyStorePorts,
  VpcEndpointServiceStatus,
} from "./key-stores/ports.ts";
export type {
  ConnectionErrorCodeType,
  ConnectionStateType,
  CustomKeyStoreType,
  XksProxyAuthenticationCredentialType,
  XksProxyConfigurationType,
  XksProxyConnectivityType,
  XksProxySettings,
} from "./key-stores/types.ts";
export type {
  CancelKeyDeletionRequest,
  CancelKeyDeletionResponse,
} from "./operations/cancel-key-deletion.ts";
export type { ConnectCustomKeyStoreRequest } from "./operations/connect-custom-key-store.ts";
export type { CreateAliasRequest } from "./operations/create-alias.ts";
export type {
  CreateCustomKeyStoreRequest,
  CreateCustomKeyStoreResponse,
} from "./operations/create-custom-key-store.ts";
export type { CreateGrantRequest, CreateGrantResponse } from "./operations/create-grant.ts";
export type { CreateKeyRequest, CreateKeyResponse } from "./operations/create-key.ts";
export type { DecapsulateRequest, DecapsulateResponse } from "./operations/decapsulate.ts";
export type { DecryptRequest, DecryptResponse } from "./operations/decrypt.ts";
export type { DeleteAliasRequest } from "./operations/delete-alias.ts";
export type { DeleteCustomKeyStoreRequest } from "./operations/delete-custom-key-store.ts";
export type {
  DeleteImportedKeyMaterialRequest,
  DeleteImportedKeyMaterialResponse,
} from "./operations/delete-imported-key-material.ts";
export type {
  DeriveSharedSecretRequest,
  DeriveSharedSecretResponse,
} from "./operations/derive-shared-secret.ts";
export type {
  CustomKeyStoresListEntry,
  DescribeCustomKeyStoresRequest,
  DescribeCustomKeyStoresResponse,
} from "./operations/describe-custom-key-stores.ts";
export type { DescribeKeyRequest, DescribeKeyResponse } from "./operations/describe-key.ts";
export type { DisableKeyRequest } from "./operations/disable-key.ts";
export type { DisableKeyRotationRequest } from "./operations/disable-key-rotation.ts";
export type { DisconnectCustomKeyStoreRequest } from "./operations/disconnect-custom-key-store.ts";
export type { EnableKeyRequest } from "./operations/enable-key.ts";
export type { EnableKeyRotationRequest } from "./operations/enable-key-rotation.ts";
export type { EncapsulateRequest, EncapsulateResponse } from "./operations/encapsulate.ts";
export type { EncryptRequest, EncryptResponse } from "./operations/encrypt.ts";
export type { GenerateDataKeyRequest, GenerateDataKeyResponse } from "./operations/generate-data-key.ts";
export type {
  GenerateDataKeyPairRequest,
  GenerateDataKeyPairResponse,
} from "./operations/generate-data-key-pair.ts";
export type {
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse,
} from "./operations/generate-data-key-pair-without-plaintext.ts";
export type {
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
} from "./operations/generate-data-key-without-plaintext.ts";
export type { GenerateMacRequest, GenerateMacResponse } from "./operations/generate-mac.ts";
export type { GenerateRandomRequest, GenerateRandomResponse } from "./operations/generate-random.ts";
export type {
  GetKeyLastUsageRequest,
  GetKeyLastUsageResponse,
  KeyLastUsageData,
} from "./operations/get-key-last-usage.ts";
export type { GetKeyPolicyRequest, GetKeyPolicyResponse } from "./operations/get-key-policy.ts";
export type {
  GetKeyRotationStatusRequest,
  GetKeyRotationStatusResponse,
} from "./operations/get-key-rotation-status.ts";
export type {
  AlgorithmSpec,
  GetParametersForImportRequest,
  GetParametersForImportResponse,
  WrappingKeySpec,
} from "./operations/get-parameters-for-import.ts";
export type { GetPublicKeyRequest, GetPublicKeyResponse } from "./operations/get-public-key.ts";
export type {
  ExpirationModelType,
  ImportKeyMaterialRequest,
  ImportKeyMaterialResponse,
} from "./operations/import-key-material.ts";
export type { AliasListEntry, ListAliasesRequest, ListAliasesResponse } from "./operations/list-aliases.ts";
export type { ListGrantsRequest, ListGrantsResponse } from "./operations/list-grants.ts";
export type { ListKeyPoliciesRequest, ListKeyPoliciesResponse } from "./operations/list-key-policies.ts";
export type {
  ListKeyRotationsRequest,
  ListKeyRotationsResponse,
  RotationsListEntry,
} from "./operations/list-key-rotations.ts";
export type { KeyListEntry, ListKeysRequest, ListKeysResponse } from "./operations/list-keys.ts";
export type { ListResourceTagsRequest, ListResourceTagsResponse } from "./operations/list-resource-tags.ts";
export type {
  ListRetirableGrantsRequest,
  ListRetirableGrantsResponse,
} from "./operations/list-retirable-grants.ts";
export type { PutKeyPolicyRequest } from "./operations/put-key-policy.ts";
export type { ReEncryptRequest, ReEncryptResponse } from "./operations/re-encrypt.ts";
export type { ReplicateKeyRequest, ReplicateKeyResponse } from "./operations/replicate-key.ts";
export type { RetireGrantRequest } from "./operations/retire-grant.ts";
export type { RevokeGrantRequest } from "./operations/revoke-grant.ts";
export type {
  RotateKeyOnDemandRequest,
  RotateKeyOnDemandResponse,
} from "./operations/rotate-key-on-demand.ts";
export type {
  ScheduleKeyDeletionRequest,
  ScheduleKeyDeletionResponse,
} from "./operations/schedule-key-deletion.ts";
export type { SignRequest, SignResponse } from "./operations/sign.ts";
export type { TagResourceRequest } from "./operations/tag-resource.ts";
export type { UntagResourceRequest } from "./operations/untag-resource.ts";
export type { UpdateAliasRequest } from "./operations/update-alias.ts";
export type { UpdateCustomKeyStoreRequest } from "./operations/update-custom-key-store.ts";
export type { UpdateKeyDescriptionRequest } from "./operations/update-key-description.ts";
export type { UpdatePrimaryRegionRequest } from "./operations/update-primary-region.ts";
export type { VerifyRequest, VerifyResponse } from "./operations/verify.ts";
export type { VerifyMacRequest, VerifyMacResponse } from "./operations/verify-mac.ts";
export type { RecipientInfo, Tag } from "./shapes/common.ts";
