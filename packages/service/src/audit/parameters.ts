/**
 * What of a request, and of its answer, an event may tell: the members that are named here and no other. Bytes are never among
 * them, whatever their name, nor are passwords, credentials and tokens.
 */
import type { Operation } from "../operation.ts";
import type { Operations } from "../operations/index.ts";

type RequestOf<Op> = Op extends Operation<infer Request, unknown> ? Request : never;

/** For every operation, so that a new one does not compile until somebody has decided. */
type Told = {
  readonly [Name in keyof Operations as Capitalize<Name>]: readonly (keyof RequestOf<Operations[Name]> &
    string)[];
};

const KEY = ["KeyId"] as const;
const PAGE = ["Limit", "Marker"] as const;
const DATA_KEY = ["KeyId", "KeySpec", "NumberOfBytes", "EncryptionContext", "DryRun"] as const;
const DATA_KEY_PAIR = ["KeyId", "KeyPairSpec", "EncryptionContext", "DryRun"] as const;
const KEY_STORE = ["CustomKeyStoreId"] as const;
const XKS_PROXY = [
  "XksProxyUriEndpoint",
  "XksProxyUriPath",
  "XksProxyVpcEndpointServiceName",
  "XksProxyConnectivity",
] as const;

const TOLD: Told = {
  CancelKeyDeletion: KEY,
  ConnectCustomKeyStore: KEY_STORE,
  CreateAlias: ["AliasName", "TargetKeyId"],
  CreateCustomKeyStore: ["CustomKeyStoreName", "CustomKeyStoreType", "CloudHsmClusterId", ...XKS_PROXY],
  CreateGrant: [
    ...KEY,
    "GranteePrincipal",
    "GranteeServicePrincipal",
    "RetiringPrincipal",
    "RetiringServicePrincipal",
    "Operations",
    "Constraints",
    "Name",
    "DryRun",
  ],
  CreateKey: [
    "Policy",
    "Description",
    "KeyUsage",
    "CustomerMasterKeySpec",
    "KeySpec",
    "Origin",
    "CustomKeyStoreId",
    "BypassPolicyLockoutSafetyCheck",
    "Tags",
    "MultiRegion",
    "XksKeyId",
  ],
  Decapsulate: ["KeyId", "EncapsulationAlgorithm", "DryRun"],
  Decrypt: ["KeyId", "EncryptionAlgorithm", "EncryptionContext", "DryRun", "DryRunModifiers"],
  DeleteAlias: ["AliasName"],
  DeleteCustomKeyStore: KEY_STORE,
  DeleteImportedKeyMaterial: ["KeyId", "KeyMaterialId"],
  DeriveSharedSecret: ["KeyId", "KeyAgreementAlgorithm", "DryRun"],
  DescribeCustomKeyStores: ["CustomKeyStoreId", "CustomKeyStoreName", ...PAGE],
  DescribeKey: KEY,
  DisableKey: KEY,
  DisableKeyRotation: KEY,
  DisconnectCustomKeyStore: KEY_STORE,
  EnableKey: KEY,
  EnableKeyRotation: ["KeyId", "RotationPeriodInDays"],
  Encapsulate: ["KeyId", "EncapsulationAlgorithm", "DryRun"],
  Encrypt: ["KeyId", "EncryptionAlgorithm", "EncryptionContext", "DryRun"],
  GenerateDataKey: DATA_KEY,
  GenerateDataKeyPair: DATA_KEY_PAIR,
  GenerateDataKeyPairWithoutPlaintext: DATA_KEY_PAIR,
  GenerateDataKeyWithoutPlaintext: DATA_KEY,
  GenerateMac: ["KeyId", "MacAlgorithm", "DryRun"],
  GenerateRandom: ["NumberOfBytes", "CustomKeyStoreId"],
  GetKeyLastUsage: KEY,
  GetKeyPolicy: ["KeyId", "PolicyName"],
  GetKeyRotationStatus: KEY,
  GetParametersForImport: ["KeyId", "WrappingAlgorithm", "WrappingKeySpec"],
  GetPublicKey: KEY,
  ImportKeyMaterial: [
    "KeyId",
    "ValidTo",
    "ExpirationModel",
    "ImportType",
    "KeyMaterialDescription",
    "KeyMaterialId",
  ],
  ListAliases: ["KeyId", ...PAGE],
  ListGrants: ["KeyId", "GrantId", "GranteePrincipal", "GranteeServicePrincipal", ...PAGE],
  ListKeyPolicies: ["KeyId", ...PAGE],
  ListKeyRotations: ["KeyId", "IncludeKeyMaterial", ...PAGE],
  ListKeys: PAGE,
  ListResourceTags: ["KeyId", ...PAGE],
  ListRetirableGrants: ["RetiringPrincipal", "RetiringServicePrincipal", ...PAGE],
  PutKeyPolicy: ["KeyId", "PolicyName", "Policy", "BypassPolicyLockoutSafetyCheck"],
  ReEncrypt: [
    "SourceKeyId",
    "SourceEncryptionAlgorithm",
    "SourceEncryptionContext",
    "DestinationKeyId",
    "DestinationEncryptionAlgorithm",
    "DestinationEncryptionContext",
    "DryRun",
    "DryRunModifiers",
  ],
  ReplicateKey: ["KeyId", "ReplicaRegion", "Policy", "BypassPolicyLockoutSafetyCheck", "Description", "Tags"],
  RetireGrant: ["KeyId", "GrantId", "DryRun"],
  RevokeGrant: ["KeyId", "GrantId", "DryRun"],
  RotateKeyOnDemand: KEY,
  ScheduleKeyDeletion: ["KeyId", "PendingWindowInDays"],
  Sign: ["KeyId", "MessageType", "SigningAlgorithm", "DryRun"],
  TagResource: ["KeyId", "Tags"],
  UntagResource: ["KeyId", "TagKeys"],
  UpdateAlias: ["AliasName", "TargetKeyId"],
  UpdateCustomKeyStore: ["CustomKeyStoreId", "NewCustomKeyStoreName", "CloudHsmClusterId", ...XKS_PROXY],
  UpdateKeyDescription: ["KeyId", "Description"],
  UpdatePrimaryRegion: ["KeyId", "PrimaryRegion"],
  Verify: ["KeyId", "MessageType", "SigningAlgorithm", "DryRun"],
  VerifyMac: ["KeyId", "MacAlgorithm", "DryRun"],
};

/** Of answers: what a change made. The answers of all other operations are not told. */
const TOLD_OF_ANSWERS: Readonly<Record<string, readonly string[]>> = {
  CancelKeyDeletion: ["KeyId"],
  CreateCustomKeyStore: ["CustomKeyStoreId"],
  CreateGrant: ["KeyId", "GrantId"],
  CreateKey: ["KeyMetadata"],
  DeleteImportedKeyMaterial: ["KeyId", "KeyMaterialId"],
  ImportKeyMaterial: ["KeyId", "KeyMaterialId"],
  ReplicateKey: ["ReplicaKeyMetadata"],
  RotateKeyOnDemand: ["KeyId"],
  ScheduleKeyDeletion: ["KeyId", "DeletionDate", "KeyState", "PendingWindowInDays"],
};

/** Parameters that have a value although the request says nothing. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Decrypt: { EncryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  Encrypt: { EncryptionAlgorithm: "SYMMETRIC_DEFAULT" },
  ReEncrypt: {
    SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  },
};

/** Longest list that is told, and deepest nesting. */
const MAXIMUM_ITEMS = 1000;
const MAXIMUM_DEPTH = 4;

type Parameters = Readonly<Record<string, unknown>> | null;

/**
 * The parameters of a request; `null` if there is nothing to tell.
 *
 * @param validated whether the request has the shape of its operation; of any other value only texts, numbers and truth values are
 *   told, since nobody knows what else is in it
 */
export function requestParameters(operation: string, request: unknown, validated: boolean): Parameters {
  const names: readonly string[] | undefined = Object.hasOwn(TOLD, operation)
    ? TOLD[operation as keyof Told]
    : undefined;
  if (names === undefined) return null;
  return told(names, request, DEFAULTS[operation], validated ? 0 : MAXIMUM_DEPTH + 1);
}

/** What an answer says of a change. */
export function responseElements(operation: string, answer: object | undefined): Parameters {
  const names = Object.hasOwn(TOLD_OF_ANSWERS, operation) ? TOLD_OF_ANSWERS[operation] : undefined;
  return names === undefined || answer === undefined ? null : told(names, answer, undefined, 0);
}

function told(
  names: readonly string[],
  from: unknown,
  defaults: Readonly<Record<string, string>> | undefined,
  depth: number,
): Parameters {
  if (typeof from !== "object" || from === null) return null;
  const values = from as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  let empty = true;
  for (const name of names) {
    const value = plain(values[name] ?? defaults?.[name], depth, isContext(name));
    if (value === undefined) continue;
    result[lowered(name)] = value;
    empty = false;
  }
  return empty ? null : result;
}

/**
 * Values that JSON can say; `undefined` for all others, bytes first among them.
 *
 * @param verbatim whether names are the caller's own, and not those of members
 */
function plain(value: unknown, depth: number, verbatim: boolean): unknown {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "object" || value === null || depth > MAXIMUM_DEPTH) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return undefined;
  if (Array.isArray(value)) {
    return value.slice(0, MAXIMUM_ITEMS).map((item) => plain(item, depth + 1, false) ?? null);
  }
  const entries = Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
    const inner = plain(item, depth + 1, isContext(name));
    return inner === undefined ? [] : [[verbatim ? name : lowered(name), inner]];
  });
  return Object.fromEntries(entries);
}

/** `EncryptionContext`, `SourceEncryptionContext`, `EncryptionContextSubset` and the like. */
function isContext(name: string): boolean {
  return name.includes("EncryptionContext");
}

/** Events write names of members in lower camel case. */
function lowered(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
