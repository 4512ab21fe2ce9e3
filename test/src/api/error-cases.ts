/**
 * Requests that must be refused, and with which error.
 *
 * Most errors have the same cause in every operation that documents them: those cases are made from the operation's input.
 * What is an operation's own stands in {@link OWN_CASES}; a new operation adds its lines there.
 */
import type { AnyOperation } from "@kmslite/service";
import type { Bench } from "../conformance/kms/key-in-state.ts";
import { wrappedFor } from "../conformance/kms/subject.ts";
import { type Prepared, prepare } from "./requests.ts";

/** Makes the request that is refused. */
export type ErrorCase = (bench: Bench, prepared: Prepared) => object | Promise<object>;

/** The members of requests that name a key. */
const KEY_MEMBERS = ["KeyId", "TargetKeyId", "DestinationKeyId", "SourceKeyId", "PrimaryKeyId"];

const UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000";
const FOREIGN_KEY = `arn:aws:kms:us-east-1:444455556666:key/${UNKNOWN_KEY}`;

/** Cases that every operation of a form has, by the error's name. */
export function sharedCases({ input }: AnyOperation): Readonly<Record<string, ErrorCase>> {
  const keyMember = KEY_MEMBERS.find((name) => Object.hasOwn(input.members, name));
  const has = (member: string) => Object.hasOwn(input.members, member);
  const cases: Record<string, ErrorCase> = {};
  if (keyMember !== undefined) {
    const withKey =
      (value: string): ErrorCase =>
      (_bench, { input }) => ({ ...input, [keyMember]: value });
    cases["NotFoundException"] = withKey(UNKNOWN_KEY);
    cases["InvalidArnException"] = withKey("arn:aws:kms:us-east-1:111122223333:neither/nor");
    cases["AccessDeniedException"] = withKey(FOREIGN_KEY);
    cases["DisabledException"] = async (bench, { subject, input }) => {
      await bench.call("DisableKey", { KeyId: subject.keyId });
      return input;
    };
    cases["KMSInvalidStateException"] = async (bench, { subject, input }) => {
      await bench.call("ScheduleKeyDeletion", { KeyId: subject.keyId });
      return input;
    };
  }
  if (has("Marker"))
    cases["InvalidMarkerException"] = (_bench, { input }) => ({ ...input, Marker: "no marker" });
  if (has("GrantTokens")) {
    cases["InvalidGrantTokenException"] = (_bench, { input }) => ({ ...input, GrantTokens: ["no token"] });
  }
  if (has("DryRun")) cases["DryRunOperationException"] = (_bench, { input }) => ({ ...input, DryRun: true });
  if (has("CiphertextBlob")) {
    cases["InvalidCiphertextException"] = (_bench, { input }) => ({
      ...input,
      CiphertextBlob: new Uint8Array(200),
    });
  }
  return cases;
}

/** The same on a symmetric encryption key. */
const otherKey: ErrorCase = (_bench, { input, subject }) => ({ ...input, KeyId: subject.other });

/** The same on an HMAC key. */
const macKey: ErrorCase = async (bench, { input }) => {
  const made = await bench.call("CreateKey", { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  return { ...input, KeyId: (made["KeyMetadata"] as { readonly KeyId: string }).KeyId };
};

/** What is an operation's own, by its name and the error's. */
export const OWN_CASES: Readonly<Record<string, Readonly<Record<string, ErrorCase>>>> = {
  CancelKeyDeletion: {
    KMSInvalidStateException: (_bench, { subject }) => ({ KeyId: subject.other }),
  },
  CreateAlias: {
    AlreadyExistsException: (_bench, { input, subject }) => ({ ...input, AliasName: subject.alias }),
    InvalidAliasNameException: (_bench, { input }) => ({ ...input, AliasName: "alias/" }),
    LimitExceededException: async (bench, { input, subject }) => {
      for (let index = 0; index < 49; index++) {
        const AliasName = `${subject.newAlias}-${index}`;
        await bench.call("CreateAlias", { AliasName, TargetKeyId: subject.keyId });
      }
      return input;
    },
  },
  CreateKey: {
    LimitExceededException: () => ({ Policy: `"${"a".repeat(32_767)}"` }),
    MalformedPolicyDocumentException: () => ({ Policy: "{" }),
    TagException: () => ({ Tags: [{ TagKey: "aws:reserved", TagValue: "" }] }),
    UnsupportedOperationException: () => ({ KeySpec: "SM2", KeyUsage: "SIGN_VERIFY" }),
  },
  Decrypt: {
    IncorrectKeyException: (_bench, { input, subject }) => ({ ...input, KeyId: subject.other }),
    InvalidKeyUsageException: (_bench, { input }) => ({
      ...input,
      EncryptionAlgorithm: "RSAES_OAEP_SHA_256",
    }),
  },
  Decapsulate: {
    InvalidCiphertextException: (_bench, { input }) => ({
      ...input,
      SharedSecretCiphertextBlob: new Uint8Array(769),
    }),
    InvalidKeyUsageException: otherKey,
  },
  DeleteAlias: {
    NotFoundException: (_bench, { subject }) => ({ AliasName: subject.newAlias }),
  },
  DeleteImportedKeyMaterial: {
    KMSInvalidStateException: async (bench, { input, subject }) => {
      await bench.rewriteKey(subject.keyId, { state: "Creating" });
      return input;
    },
    UnsupportedOperationException: (_bench, { subject }) => ({ KeyId: subject.other }),
  },
  DeriveSharedSecret: { InvalidKeyUsageException: otherKey },
  Encapsulate: { InvalidKeyUsageException: otherKey },
  Encrypt: {
    InvalidKeyUsageException: (_bench, { input }) => ({
      ...input,
      EncryptionAlgorithm: "RSAES_OAEP_SHA_256",
    }),
  },
  GenerateDataKeyPair: {
    UnsupportedOperationException: (_bench, { input }) => ({ ...input, KeyPairSpec: "SM2" }),
    InvalidKeyUsageException: macKey,
  },
  GenerateDataKeyPairWithoutPlaintext: {
    UnsupportedOperationException: (_bench, { input }) => ({ ...input, KeyPairSpec: "SM2" }),
    InvalidKeyUsageException: macKey,
  },
  GenerateDataKey: { InvalidKeyUsageException: macKey },
  GenerateDataKeyWithoutPlaintext: { InvalidKeyUsageException: macKey },
  GenerateMac: { InvalidKeyUsageException: otherKey },
  GetPublicKey: {
    UnsupportedOperationException: (_bench, { subject }) => ({ KeyId: subject.other }),
  },
  GetParametersForImport: {
    UnsupportedOperationException: (_bench, { input, subject }) => ({ ...input, KeyId: subject.other }),
  },
  ImportKeyMaterial: {
    IncorrectKeyMaterialException: async (bench, { input, subject }) => ({
      ...input,
      ...(await wrappedFor(bench, subject.keyId, 8)),
    }),
    InvalidCiphertextException: (_bench, { input }) => ({
      ...input,
      EncryptedKeyMaterial: new Uint8Array(256),
    }),
    InvalidImportTokenException: (_bench, { input }) => ({ ...input, ImportToken: new Uint8Array(60) }),
    UnsupportedOperationException: (_bench, { input, subject }) => ({ ...input, KeyId: subject.other }),
  },
  ListGrants: {
    InvalidGrantIdException: (_bench, { input }) => ({ ...input, GrantId: "no id" }),
  },
  ListRetirableGrants: {
    InvalidArnException: () => ({ RetiringPrincipal: "nobody" }),
  },
  PutKeyPolicy: {
    LimitExceededException: (_bench, { input }) => ({ ...input, Policy: `"${"a".repeat(32_767)}"` }),
    MalformedPolicyDocumentException: (_bench, { input }) => ({ ...input, Policy: "{" }),
  },
  ReEncrypt: {
    IncorrectKeyException: (_bench, { input, subject }) => ({ ...input, SourceKeyId: subject.other }),
    InvalidKeyUsageException: (_bench, { input }) => ({
      ...input,
      SourceEncryptionAlgorithm: "RSAES_OAEP_SHA_256",
    }),
  },
  ReplicateKey: {
    AlreadyExistsException: async (bench, { input }) => {
      await bench.call("ReplicateKey", input);
      return input;
    },
    LimitExceededException: async (bench, { input, subject }) => {
      for (let index = 1; index < 64; index++)
        await bench.call("ReplicateKey", { KeyId: subject.keyId, ReplicaRegion: `xx-north-${index}` });
      return input;
    },
    MalformedPolicyDocumentException: (_bench, { input }) => ({ ...input, Policy: "{" }),
    TagException: (_bench, { input }) => ({ ...input, Tags: [{ TagKey: "aws:reserved", TagValue: "" }] }),
    UnsupportedOperationException: (_bench, { input, subject }) => ({ ...input, KeyId: subject.other }),
  },
  RetireGrant: {
    InvalidGrantIdException: (_bench, { input }) => ({ ...input, GrantId: "no id" }),
    InvalidGrantTokenException: () => ({ GrantToken: "no token" }),
    NotFoundException: (_bench, { input }) => ({ ...input, GrantId: "0".repeat(64) }),
  },
  RevokeGrant: {
    InvalidGrantIdException: (_bench, { input }) => ({ ...input, GrantId: "no id" }),
  },
  DisableKeyRotation: { UnsupportedOperationException: macKey },
  EnableKeyRotation: { UnsupportedOperationException: macKey },
  GetKeyRotationStatus: { UnsupportedOperationException: macKey },
  ListKeyRotations: { UnsupportedOperationException: macKey },
  RotateKeyOnDemand: {
    UnsupportedOperationException: macKey,
    LimitExceededException: async (bench, { input, subject }) => {
      for (let index = 0; index < 25; index++)
        await bench.call("RotateKeyOnDemand", { KeyId: subject.keyId });
      return input;
    },
  },
  Sign: { InvalidKeyUsageException: otherKey },
  TagResource: {
    LimitExceededException: async (bench, { subject }) => {
      const tags = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => ({ TagKey: `t${from + index}`, TagValue: "" }));
      await bench.call("TagResource", { KeyId: subject.keyId, Tags: tags(0, 49) });
      return { KeyId: subject.keyId, Tags: tags(49, 1) };
    },
    TagException: (_bench, { input }) => ({ ...input, Tags: [{ TagKey: "aws:reserved", TagValue: "" }] }),
  },
  UntagResource: {
    TagException: (_bench, { input }) => ({ ...input, TagKeys: ["aws:reserved"] }),
  },
  UpdateAlias: {
    NotFoundException: (_bench, { input, subject }) => ({ ...input, AliasName: subject.newAlias }),
    LimitExceededException: async (bench, { subject }) => {
      for (let index = 0; index < 49; index++) {
        const AliasName = `${subject.newAlias}-${index}`;
        await bench.call("CreateAlias", { AliasName, TargetKeyId: subject.keyId });
      }
      return { AliasName: subject.otherAlias, TargetKeyId: subject.keyId };
    },
  },
  UpdatePrimaryRegion: {
    UnsupportedOperationException: (_bench, { input, subject }) => ({ ...input, KeyId: subject.other }),
  },
  Verify: {
    InvalidKeyUsageException: otherKey,
    KMSInvalidSignatureException: (_bench, { input }) => ({ ...input, Message: Uint8Array.of(4) }),
  },
  VerifyMac: {
    InvalidKeyUsageException: otherKey,
    KMSInvalidMacException: (_bench, { input }) => ({ ...input, Message: Uint8Array.of(4) }),
  },
};

/**
 * The name of the error that a case ends in; `undefined` if the request succeeds, or if the operation does not let it be made:
 * a key that is pending deletion can't be disabled first.
 */
export async function errorOf(bench: Bench, operation: string, make: ErrorCase): Promise<string | undefined> {
  const prepared = await prepare(bench, operation);
  const request = await made(bench, prepared, make);
  if (request === undefined) return undefined;
  try {
    await bench.call(operation, request);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

async function made(bench: Bench, prepared: Prepared, make: ErrorCase): Promise<object | undefined> {
  try {
    return await make(bench, prepared);
  } catch {
    return undefined;
  }
}
