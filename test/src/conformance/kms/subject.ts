/** A key with all that the operations need of it, made while it is still enabled; and a request for each operation. */

import { PASSWORD } from "../../../../packages/service/test-support/hsm.ts";
import { type Wrapped, wrap } from "../../../../packages/service/test-support/wrapped.ts";
import { type Bench, enclave } from "./key-in-state.ts";

export interface Subject {
  readonly keyId: string;
  /** An alias of the key. */
  readonly alias: string;
  /** 3 bytes, encrypted under the key if it is a symmetric one. */
  readonly ciphertext: Uint8Array;
  /** What another operation gave for this one: a signature, a MAC, an encapsulated secret, a peer's public key. */
  readonly given: Uint8Array;
  /** Another key, which stays enabled. */
  readonly other: string;
  readonly otherAlias: string;
  readonly otherCiphertext: Uint8Array;
  /** A grant of the key, and a token of it. */
  readonly grantId: string;
  readonly grantToken: string;
  /** The key's imported material once more, if it has some. */
  readonly wrapped: Wrapped | undefined;
  /** An alias that there is not yet. */
  readonly newAlias: string;
  /** A custom key store, if the operation is on one. */
  readonly keyStoreId: string;
  /** A request for one that there is not yet. */
  readonly newKeyStore: object;
}

let made = 0;

/** The Region of the replica, for operations on multi-Region keys. */
const REPLICA_REGION = "eu-west-1";

/** A kind of key that an operation is for, and what another operation has to give it. */
interface Kind {
  /** What CreateKey is asked for. */
  readonly create: object;
  readonly give?: (bench: Bench, keyId: string) => Promise<unknown>;
}

const MESSAGE: Uint8Array = Uint8Array.of(1, 2, 3);

const SIGNING_KEY = { KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" };
const MAC_KEY = { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" };
const AGREEMENT_KEY = { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" };
const ENCAPSULATION_KEY = { KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" };

/** The kinds of operations that are not for any key. */
const KINDS: Readonly<Record<string, Kind>> = {
  Decapsulate: {
    create: ENCAPSULATION_KEY,
    give: async (bench, KeyId) =>
      (await bench.call("Encapsulate", { KeyId, EncapsulationAlgorithm: "ML_KEM" }))[
        "SharedSecretCiphertextBlob"
      ],
  },
  DeleteImportedKeyMaterial: { create: { Origin: "EXTERNAL" } },
  DeriveSharedSecret: {
    create: AGREEMENT_KEY,
    give: async (bench, KeyId) => (await bench.call("GetPublicKey", { KeyId }))["PublicKey"],
  },
  Encapsulate: { create: ENCAPSULATION_KEY },
  GenerateMac: { create: MAC_KEY },
  GetParametersForImport: { create: { Origin: "EXTERNAL" } },
  GetPublicKey: { create: SIGNING_KEY },
  ImportKeyMaterial: { create: { Origin: "EXTERNAL" } },
  ReplicateKey: { create: { MultiRegion: true } },
  Sign: { create: SIGNING_KEY },
  UpdatePrimaryRegion: { create: { MultiRegion: true } },
  Verify: {
    create: SIGNING_KEY,
    give: async (bench, KeyId) =>
      (await bench.call("Sign", { KeyId, Message: MESSAGE, SigningAlgorithm: "ECDSA_SHA_256" }))["Signature"],
  },
  VerifyMac: {
    create: MAC_KEY,
    give: async (bench, KeyId) =>
      (await bench.call("GenerateMac", { KeyId, Message: MESSAGE, MacAlgorithm: "HMAC_SHA_256" }))["Mac"],
  },
};

export async function makeSubject(bench: Bench, operation: string): Promise<Subject> {
  made += 1;
  const tags = [{ TagKey: "purpose", TagValue: "conformance" }];
  const kind = KINDS[operation];
  const [key, other] = await Promise.all([
    keyWithAlias(bench, `alias/key-${made}`, tags, kind?.create),
    keyWithAlias(bench, `alias/other-${made}`, tags),
  ]);
  const grant = await bench.call("CreateGrant", grantOn(key.keyId));
  const given = (await kind?.give?.(bench, key.keyId)) ?? new Uint8Array(0);
  return {
    given: given as Uint8Array,
    grantId: grant["GrantId"] as string,
    grantToken: grant["GrantToken"] as string,
    keyId: key.keyId,
    alias: key.alias,
    ciphertext: key.ciphertext,
    other: other.keyId,
    otherAlias: other.alias,
    otherCiphertext: other.ciphertext,
    wrapped: key.wrapped,
    newAlias: `alias/new-${made}`,
    keyStoreId: operation.includes("CustomKeyStore") ? await keyStore(bench, made) : "",
    newKeyStore: keyStoreRequest(`new-${made}`, "n", made),
  };
}

async function keyStore(bench: Bench, number: number): Promise<string> {
  const created = await bench.call("CreateCustomKeyStore", keyStoreRequest(`store-${number}`, "s", number));
  return created["CustomKeyStoreId"] as string;
}

/** A cluster of its own for each, with the certificate that the bench gives it. */
function keyStoreRequest(name: string, letter: string, number: number): object {
  const digits = String(number).replaceAll(/[0-9]/g, (digit) => "abcdefghij"[Number(digit)] ?? "");
  const cluster = `cluster-${digits.padStart(11, letter)}`;
  return {
    CustomKeyStoreName: name,
    CloudHsmClusterId: cluster,
    TrustAnchorCertificate: cluster,
    KeyStorePassword: PASSWORD,
  };
}

async function keyWithAlias(bench: Bench, alias: string, Tags: readonly object[], create: object = {}) {
  const { KeyMetadata } = await bench.call("CreateKey", { Tags, ...create });
  const {
    KeyId: keyId,
    KeySpec,
    MultiRegion,
    Origin,
  } = KeyMetadata as Readonly<Record<string, string | boolean>>;
  await bench.call("CreateAlias", { AliasName: alias, TargetKeyId: keyId });
  if (MultiRegion) await bench.call("ReplicateKey", { KeyId: keyId, ReplicaRegion: REPLICA_REGION });
  const wrapped = Origin === "EXTERNAL" ? await wrappedFor(bench, keyId as string) : undefined;
  if (wrapped !== undefined)
    await bench.call("ImportKeyMaterial", { KeyId: keyId, ...wrapped, ...DOES_NOT_EXPIRE });
  const ciphertext =
    KeySpec === "SYMMETRIC_DEFAULT" ? await encrypted(bench, keyId as string) : new Uint8Array(0);
  return { keyId: keyId as string, alias, ciphertext, wrapped };
}

const DOES_NOT_EXPIRE = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };

/** Material wrapped for its import into a key; the key's own unless another byte is given. */
export async function wrappedFor(bench: Bench, keyId: string, byte = 7): Promise<Wrapped> {
  const { ImportToken, PublicKey } = await bench.call("GetParametersForImport", parametersFor(keyId));
  const material = new Uint8Array(32).fill(byte);
  const EncryptedKeyMaterial = wrap(PublicKey as Uint8Array, material, "RSAES_OAEP_SHA_256");
  return { ImportToken: ImportToken as Uint8Array, EncryptedKeyMaterial };
}

function parametersFor(keyId: string) {
  return { KeyId: keyId, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" };
}

async function encrypted(bench: Bench, keyId: string): Promise<Uint8Array> {
  const { CiphertextBlob } = await bench.call("Encrypt", { KeyId: keyId, Plaintext: MESSAGE });
  return CiphertextBlob as Uint8Array;
}

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" },
});

function grantOn(keyId: string) {
  const principal = "arn:aws:iam::111122223333:role/app";
  return {
    KeyId: keyId,
    GranteePrincipal: principal,
    RetiringPrincipal: principal,
    Operations: ["DescribeKey"],
  };
}

/**
 * Requests on the key of a subject, by the operation's name; all have the outcome that the key's state says. Two where an
 * operation has two keys.
 */
export const REQUESTS: Readonly<Record<string, (subject: Subject) => readonly object[]>> = {
  CancelKeyDeletion: ({ keyId }) => [{ KeyId: keyId }],
  CreateAlias: ({ keyId, newAlias }) => [{ AliasName: newAlias, TargetKeyId: keyId }],
  CreateGrant: ({ keyId }) => [grantOn(keyId)],
  Decrypt: ({ ciphertext, keyId }) => [
    { CiphertextBlob: ciphertext },
    { CiphertextBlob: ciphertext, KeyId: keyId },
    { CiphertextBlob: ciphertext, Recipient: enclave() },
  ],
  DeleteAlias: ({ alias }) => [{ AliasName: alias }],
  DeleteImportedKeyMaterial: ({ keyId }) => [{ KeyId: keyId }],
  DescribeKey: ({ keyId, alias }) => [{ KeyId: keyId }, { KeyId: alias }],
  DisableKey: ({ keyId }) => [{ KeyId: keyId }],
  DisableKeyRotation: ({ keyId }) => [{ KeyId: keyId }],
  EnableKey: ({ keyId }) => [{ KeyId: keyId }],
  EnableKeyRotation: ({ keyId }) => [{ KeyId: keyId }],
  Encrypt: ({ keyId, alias }) => [
    { KeyId: keyId, Plaintext: Uint8Array.of(1) },
    { KeyId: alias, Plaintext: Uint8Array.of(1) },
  ],
  GenerateDataKey: ({ keyId }) => [
    { KeyId: keyId, KeySpec: "AES_256" },
    { KeyId: keyId, KeySpec: "AES_256", Recipient: enclave() },
  ],
  GenerateDataKeyWithoutPlaintext: ({ keyId }) => [{ KeyId: keyId, KeySpec: "AES_256" }],
  GetKeyPolicy: ({ keyId }) => [{ KeyId: keyId }, { KeyId: keyId, PolicyName: "default" }],
  GenerateDataKeyPair: ({ keyId }) => [
    { KeyId: keyId, KeyPairSpec: "ECC_NIST_P256" },
    { KeyId: keyId, KeyPairSpec: "ECC_NIST_P256", Recipient: enclave() },
  ],
  GenerateDataKeyPairWithoutPlaintext: ({ keyId }) => [{ KeyId: keyId, KeyPairSpec: "ECC_NIST_P256" }],
  GenerateMac: ({ keyId }) => [{ KeyId: keyId, Message: MESSAGE, MacAlgorithm: "HMAC_SHA_256" }],
  GetKeyRotationStatus: ({ keyId }) => [{ KeyId: keyId }],
  GetParametersForImport: ({ keyId }) => [parametersFor(keyId)],
  GetPublicKey: ({ keyId, alias }) => [{ KeyId: keyId }, { KeyId: alias }],
  ImportKeyMaterial: ({ keyId, wrapped }) => [{ KeyId: keyId, ...wrapped, ...DOES_NOT_EXPIRE }],
  ListAliases: ({ keyId }) => [{ KeyId: keyId }],
  ListGrants: ({ keyId }) => [{ KeyId: keyId }],
  ListKeyPolicies: ({ keyId }) => [{ KeyId: keyId }],
  ListResourceTags: ({ keyId }) => [{ KeyId: keyId }],
  PutKeyPolicy: ({ keyId }) => [{ KeyId: keyId, Policy: POLICY }],
  ReEncrypt: ({ keyId, other, ciphertext, otherCiphertext }) => [
    { CiphertextBlob: ciphertext, DestinationKeyId: other },
    { CiphertextBlob: otherCiphertext, DestinationKeyId: keyId },
  ],
  ReplicateKey: ({ keyId }) => [{ KeyId: keyId, ReplicaRegion: "ap-southeast-2" }],
  RetireGrant: ({ keyId, grantId, grantToken }) => [
    { KeyId: keyId, GrantId: grantId },
    { GrantToken: grantToken },
  ],
  RevokeGrant: ({ keyId, grantId }) => [{ KeyId: keyId, GrantId: grantId }],
  ScheduleKeyDeletion: ({ keyId }) => [{ KeyId: keyId, PendingWindowInDays: 7 }],
  Sign: ({ keyId, alias }) => [
    { KeyId: keyId, Message: MESSAGE, SigningAlgorithm: "ECDSA_SHA_256" },
    { KeyId: alias, Message: MESSAGE, SigningAlgorithm: "ECDSA_SHA_256", MessageType: "RAW" },
  ],
  TagResource: ({ keyId }) => [{ KeyId: keyId, Tags: [{ TagKey: "a", TagValue: "b" }] }],
  UntagResource: ({ keyId }) => [{ KeyId: keyId, TagKeys: ["purpose"] }],
  // The alias of another key is pointed at this one.
  UpdateAlias: ({ keyId, otherAlias }) => [{ AliasName: otherAlias, TargetKeyId: keyId }],
  UpdateKeyDescription: ({ keyId }) => [{ KeyId: keyId, Description: "b" }],
  UpdatePrimaryRegion: ({ keyId }) => [{ KeyId: keyId, PrimaryRegion: REPLICA_REGION }],
  Verify: ({ keyId, given }) => [
    { KeyId: keyId, Message: MESSAGE, Signature: given, SigningAlgorithm: "ECDSA_SHA_256" },
  ],
  VerifyMac: ({ keyId, given }) => [
    { KeyId: keyId, Message: MESSAGE, Mac: given, MacAlgorithm: "HMAC_SHA_256" },
  ],
};
