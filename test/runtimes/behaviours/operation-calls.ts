/**
 * How to call each operation, and what must come: `[what came, what is expected]`.
 *
 * A new operation adds its line here: without it neither the types nor the suite are content. Each line makes what it needs, and
 * leaves what it likes; `key` makes a key, `refusal` gives the name of the error that a call must end in.
 */
import type { Kms, KmsMethods } from "kmslite";
import { hex } from "./platform.ts";

/** What a line is given. */
export interface Stage {
  readonly kms: Kms;
  readonly key: (input?: Parameters<Kms["createKey"]>[0]) => Promise<string>;
  readonly refusal: (call: () => Promise<unknown>) => Promise<string>;
}

type Call = (stage: Stage) => Promise<readonly [found: unknown, expected: unknown]>;

const MESSAGE = new TextEncoder().encode("attack at dawn");
const CONTEXT = { tenant: "a" };
const AGREEMENT_KEY = { KeySpec: "ECC_NIST_P384", KeyUsage: "KEY_AGREEMENT" } as const;
const ENCAPSULATION_KEY = { KeySpec: "ML_KEM_768", KeyUsage: "ENCAPSULATE_DECAPSULATE" } as const;
const NO_KEY_STORE = "cks-00000000000000000";

export const CALLS: { readonly [Name in keyof KmsMethods]: Call } = {
  cancelKeyDeletion: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    await kms.cancelKeyDeletion({ KeyId });
    return [await stateOf(kms, KeyId), "Disabled"];
  },
  connectCustomKeyStore: async ({ kms, refusal }) => [
    await refusal(() => kms.connectCustomKeyStore({ CustomKeyStoreId: NO_KEY_STORE })),
    "CustomKeyStoreNotFoundException",
  ],
  createAlias: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.createAlias({ AliasName: "alias/created", TargetKeyId: KeyId });
    return [(await kms.describeKey({ KeyId: "alias/created" })).KeyMetadata?.KeyId, KeyId];
  },
  createGrant: async ({ kms, key }) => [
    (await kms.createGrant(grantOn(kms, await key()))).GrantId?.length,
    64,
  ],
  // No runtime has an HSM by itself.
  createCustomKeyStore: async ({ kms, refusal }) => [
    await refusal(() =>
      kms.createCustomKeyStore({
        CustomKeyStoreName: "hsm",
        CloudHsmClusterId: "cluster-2a34567bcde",
        TrustAnchorCertificate: "certificate",
        KeyStorePassword: "password",
      }),
    ),
    "CloudHsmClusterNotFoundException",
  ],
  createKey: async ({ kms }) => [
    (await kms.createKey({ MultiRegion: true })).KeyMetadata?.KeyId?.slice(0, 4),
    "mrk-",
  ],
  decrypt: async ({ kms, key }) => {
    const { CiphertextBlob } = await kms.encrypt({
      KeyId: await key(),
      Plaintext: MESSAGE,
      EncryptionContext: CONTEXT,
    });
    return [await opened(kms, CiphertextBlob, CONTEXT), hex(MESSAGE)];
  },
  decapsulate: async ({ kms, key }) => {
    const KeyId = await key(ENCAPSULATION_KEY);
    const EncapsulationAlgorithm = "ML_KEM";
    const { SharedSecret, SharedSecretCiphertextBlob } = await kms.encapsulate({
      KeyId,
      EncapsulationAlgorithm,
    });
    const opened = await kms.decapsulate({ KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm });
    return [bytesOf(opened.SharedSecret), bytesOf(SharedSecret)];
  },
  deleteAlias: async ({ kms, key, refusal }) => {
    await kms.createAlias({ AliasName: "alias/deleted", TargetKeyId: await key() });
    await kms.deleteAlias({ AliasName: "alias/deleted" });
    return [await refusal(() => kms.describeKey({ KeyId: "alias/deleted" })), "NotFoundException"];
  },
  deleteImportedKeyMaterial: async ({ kms, key, refusal }) => {
    const KeyId = await key({ Origin: "EXTERNAL" });
    await importInto(kms, KeyId);
    await kms.deleteImportedKeyMaterial({ KeyId });
    return [await refusal(() => kms.encrypt({ KeyId, Plaintext: MESSAGE })), "KMSInvalidStateException"];
  },
  deriveSharedSecret: async ({ kms, key }) => {
    const [ours, theirs] = [await key(AGREEMENT_KEY), await key(AGREEMENT_KEY)];
    const secretOf = async (KeyId: string, peer: string) => {
      const { PublicKey } = await kms.getPublicKey({ KeyId: peer });
      return (await kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm: "ECDH" })).SharedSecret;
    };
    return [bytesOf(await secretOf(ours, theirs)), bytesOf(await secretOf(theirs, ours))];
  },
  deleteCustomKeyStore: async ({ kms, refusal }) => [
    await refusal(() => kms.deleteCustomKeyStore({ CustomKeyStoreId: NO_KEY_STORE })),
    "CustomKeyStoreNotFoundException",
  ],
  describeCustomKeyStores: async ({ kms }) => [
    (await kms.describeCustomKeyStores()).CustomKeyStores?.length,
    0,
  ],
  describeKey: async ({ kms, key }) => {
    const KeyId = await key({ Description: "described" });
    return [(await kms.describeKey({ KeyId })).KeyMetadata?.Description, "described"];
  },
  disableKey: async ({ kms, key, refusal }) => {
    const KeyId = await key();
    await kms.disableKey({ KeyId });
    return [await refusal(() => kms.encrypt({ KeyId, Plaintext: MESSAGE })), "DisabledException"];
  },
  disableKeyRotation: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.enableKeyRotation({ KeyId });
    await kms.disableKeyRotation({ KeyId });
    return [(await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled, false];
  },
  disconnectCustomKeyStore: async ({ kms, refusal }) => [
    await refusal(() => kms.disconnectCustomKeyStore({ CustomKeyStoreId: NO_KEY_STORE })),
    "CustomKeyStoreNotFoundException",
  ],
  enableKey: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.disableKey({ KeyId });
    await kms.enableKey({ KeyId });
    return [await stateOf(kms, KeyId), "Enabled"];
  },
  enableKeyRotation: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 100 });
    return [(await kms.getKeyRotationStatus({ KeyId })).RotationPeriodInDays, 100];
  },
  encapsulate: async ({ kms, key }) => {
    const KeyId = await key(ENCAPSULATION_KEY);
    const { SharedSecretCiphertextBlob } = await kms.encapsulate({ KeyId, EncapsulationAlgorithm: "ML_KEM" });
    return [SharedSecretCiphertextBlob?.length, 1088];
  },
  encrypt: async ({ kms, key, refusal }) => {
    const { CiphertextBlob } = await kms.encrypt({ KeyId: await key(), Plaintext: MESSAGE });
    const mistaken = () => kms.decrypt({ CiphertextBlob, EncryptionContext: CONTEXT });
    return [await refusal(mistaken), "InvalidCiphertextException"];
  },
  generateDataKey: async ({ kms, key }) => {
    const { Plaintext, CiphertextBlob } = await kms.generateDataKey({
      KeyId: await key(),
      NumberOfBytes: 64,
    });
    return [await opened(kms, CiphertextBlob), Plaintext && hex(Plaintext)];
  },
  generateDataKeyWithoutPlaintext: async ({ kms, key }) => {
    const answer = await kms.generateDataKeyWithoutPlaintext({ KeyId: await key(), KeySpec: "AES_128" });
    return [(await opened(kms, answer.CiphertextBlob))?.length, 32];
  },
  generateDataKeyPair: async ({ kms, key }) => {
    const KeyId = await key();
    const pair = await kms.generateDataKeyPair({
      KeyId,
      KeyPairSpec: "RSA_2048",
      EncryptionContext: CONTEXT,
    });
    return [await opened(kms, pair.PrivateKeyCiphertextBlob, CONTEXT), bytesOf(pair.PrivateKeyPlaintext)];
  },
  generateDataKeyPairWithoutPlaintext: async ({ kms, key }) => {
    const request = { KeyId: await key(), KeyPairSpec: "ECC_NIST_P256" } as const;
    const pair = await kms.generateDataKeyPairWithoutPlaintext(request);
    return [
      ["PrivateKeyPlaintext" in pair, pair.PublicKey?.length],
      [false, 91],
    ];
  },
  generateMac: async ({ kms, key }) => {
    const KeyId = await key({ KeySpec: "HMAC_384", KeyUsage: "GENERATE_VERIFY_MAC" });
    const { Mac } = await kms.generateMac({ KeyId, Message: MESSAGE, MacAlgorithm: "HMAC_SHA_384" });
    return [Mac?.length, 48];
  },
  generateRandom: async ({ kms }) => [
    (await kms.generateRandom({ NumberOfBytes: 100 })).Plaintext?.length,
    100,
  ],
  getKeyLastUsage: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.encrypt({ KeyId, Plaintext: MESSAGE });
    return [(await kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation, "Encrypt"];
  },
  getKeyPolicy: async ({ kms, key }) => [
    JSON.parse((await kms.getKeyPolicy({ KeyId: await key() })).Policy ?? "{}").Id,
    "key-default-1",
  ],
  getKeyRotationStatus: async ({ kms, key }) => [
    (await kms.getKeyRotationStatus({ KeyId: await key() })).KeyRotationEnabled,
    false,
  ],
  getParametersForImport: async ({ kms, key }) => {
    const KeyId = await key({ Origin: "EXTERNAL" });
    const { PublicKey } = await kms.getParametersForImport({
      KeyId,
      WrappingAlgorithm: "RSAES_OAEP_SHA_256",
      WrappingKeySpec: "RSA_2048",
    });
    return [PublicKey?.length, 294];
  },
  getPublicKey: async ({ kms, key }) => {
    const KeyId = await key({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
    const { PublicKey } = await kms.getPublicKey({ KeyId });
    return [PublicKey?.length, 91];
  },
  importKeyMaterial: async ({ kms, key }) => {
    const KeyId = await key({ Origin: "EXTERNAL" });
    await importInto(kms, KeyId);
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE });
    return [await opened(kms, CiphertextBlob), hex(MESSAGE)];
  },
  listAliases: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.createAlias({ AliasName: "alias/listed", TargetKeyId: KeyId });
    const { Aliases } = await kms.listAliases({ KeyId });
    return [Aliases?.map(({ AliasName }) => AliasName), ["alias/listed"]];
  },
  listGrants: async ({ kms, key }) => {
    const KeyId = await key();
    const { GrantId } = await kms.createGrant(grantOn(kms, KeyId));
    return [(await kms.listGrants({ KeyId })).Grants?.map((listed) => listed.GrantId), [GrantId]];
  },
  listKeyPolicies: async ({ kms, key }) => [
    (await kms.listKeyPolicies({ KeyId: await key() })).PolicyNames,
    ["default"],
  ],
  listKeyRotations: async ({ kms, key }) => {
    const KeyId = await key();
    await kms.rotateKeyOnDemand({ KeyId });
    return [(await kms.listKeyRotations({ KeyId })).Rotations?.length, 1];
  },
  listKeys: async ({ kms, key }) => {
    const KeyId = await key();
    const { Keys } = await kms.listKeys({ Limit: 1000 });
    return [Keys?.filter((listed) => listed.KeyId === KeyId).length, 1];
  },
  listResourceTags: async ({ kms, key }) => {
    const Tags = [{ TagKey: "a", TagValue: "1" }];
    return [(await kms.listResourceTags({ KeyId: await key({ Tags }) })).Tags, Tags];
  },
  listRetirableGrants: async ({ kms, key }) => {
    const { GrantId } = await kms.createGrant(grantOn(kms, await key(), "listed"));
    const { Grants } = await kms.listRetirableGrants({ RetiringPrincipal: role(kms, "listed") });
    return [Grants?.map((listed) => listed.GrantId), [GrantId]];
  },
  putKeyPolicy: async ({ kms, key }) => {
    const KeyId = await key();
    const Policy = JSON.stringify({
      Statement: { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" },
    });
    await kms.putKeyPolicy({ KeyId, Policy });
    return [(await kms.getKeyPolicy({ KeyId })).Policy, Policy];
  },
  reEncrypt: async ({ kms, key }) => {
    const { CiphertextBlob } = await kms.encrypt({
      KeyId: await key(),
      Plaintext: MESSAGE,
      EncryptionContext: CONTEXT,
    });
    const moved = await kms.reEncrypt({
      CiphertextBlob,
      SourceEncryptionContext: CONTEXT,
      DestinationKeyId: await key(),
    });
    return [await opened(kms, moved.CiphertextBlob), hex(MESSAGE)];
  },
  // The suite's KMS is in one Region.
  replicateKey: async ({ kms, key, refusal }) => {
    const KeyId = await key({ MultiRegion: true });
    const replicating = () => kms.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
    return [await refusal(replicating), "UnsupportedOperationException"];
  },
  retireGrant: async ({ kms, key }) => {
    const KeyId = await key();
    const { GrantToken } = await kms.createGrant(grantOn(kms, KeyId));
    await kms.retireGrant({ GrantToken });
    return [(await kms.listGrants({ KeyId })).Grants?.length, 0];
  },
  revokeGrant: async ({ kms, key }) => {
    const KeyId = await key();
    const { GrantId } = await kms.createGrant(grantOn(kms, KeyId));
    await kms.revokeGrant({ KeyId, GrantId });
    return [(await kms.listGrants({ KeyId })).Grants?.length, 0];
  },
  rotateKeyOnDemand: async ({ kms, key }) => {
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE });
    await kms.rotateKeyOnDemand({ KeyId });
    return [await opened(kms, CiphertextBlob), hex(MESSAGE)];
  },
  scheduleKeyDeletion: async ({ kms, key, refusal }) => {
    const KeyId = await key();
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    return [await refusal(() => kms.encrypt({ KeyId, Plaintext: MESSAGE })), "KMSInvalidStateException"];
  },
  sign: async ({ kms, key }) => {
    const KeyId = await key({ KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" });
    const { Signature } = await kms.sign({ KeyId, Message: MESSAGE, SigningAlgorithm: "ED25519_SHA_512" });
    return [Signature?.length, 64];
  },
  tagResource: async ({ kms, key }) => {
    const KeyId = await key();
    const Tags = [{ TagKey: "b", TagValue: "2" }];
    await kms.tagResource({ KeyId, Tags });
    return [(await kms.listResourceTags({ KeyId })).Tags, Tags];
  },
  untagResource: async ({ kms, key }) => {
    const KeyId = await key({ Tags: [{ TagKey: "a", TagValue: "1" }] });
    await kms.untagResource({ KeyId, TagKeys: ["a"] });
    return [(await kms.listResourceTags({ KeyId })).Tags, []];
  },
  updateAlias: async ({ kms, key }) => {
    await kms.createAlias({ AliasName: "alias/updated", TargetKeyId: await key() });
    const KeyId = await key();
    await kms.updateAlias({ AliasName: "alias/updated", TargetKeyId: KeyId });
    return [(await kms.describeKey({ KeyId: "alias/updated" })).KeyMetadata?.KeyId, KeyId];
  },
  updateCustomKeyStore: async ({ kms, refusal }) => [
    await refusal(() =>
      kms.updateCustomKeyStore({ CustomKeyStoreId: NO_KEY_STORE, NewCustomKeyStoreName: "new" }),
    ),
    "CustomKeyStoreNotFoundException",
  ],
  updateKeyDescription: async ({ kms, key }) => {
    const KeyId = await key({ Description: "one" });
    await kms.updateKeyDescription({ KeyId, Description: "two" });
    return [(await kms.describeKey({ KeyId })).KeyMetadata?.Description, "two"];
  },
  updatePrimaryRegion: async ({ kms, key, refusal }) => {
    const KeyId = await key({ MultiRegion: true });
    const updating = () => kms.updatePrimaryRegion({ KeyId, PrimaryRegion: "eu-west-1" });
    return [await refusal(updating), "NotFoundException"];
  },
  verify: async ({ kms, key }) => {
    const KeyId = await key({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
    const message = { KeyId, Message: MESSAGE, SigningAlgorithm: "RSASSA_PSS_SHA_256" } as const;
    const { Signature } = await kms.sign(message);
    return [(await kms.verify({ ...message, Signature })).SignatureValid, true];
  },
  verifyMac: async ({ kms, key, refusal }) => {
    const KeyId = await key({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    const message = { KeyId, Message: MESSAGE, MacAlgorithm: "HMAC_SHA_256" } as const;
    const Mac = new Uint8Array(32);
    return [await refusal(() => kms.verifyMac({ ...message, Mac })), "KMSInvalidMacException"];
  },
};

async function opened(
  kms: Kms,
  CiphertextBlob: Uint8Array | undefined,
  EncryptionContext: Record<string, string> = {},
): Promise<string | undefined> {
  const { Plaintext } = await kms.decrypt({ CiphertextBlob, EncryptionContext });
  return Plaintext && hex(Plaintext);
}

async function stateOf(kms: Kms, KeyId: string): Promise<string | undefined> {
  return (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
}

const role = (kms: Kms, name: string) => `arn:aws:iam::${kms.account}:role/${name}`;

/** A grant for one role that another may retire. */
function grantOn(kms: Kms, KeyId: string, retiring = "other") {
  return {
    KeyId,
    GranteePrincipal: role(kms, "app"),
    RetiringPrincipal: role(kms, retiring),
    Operations: ["Decrypt" as const],
  };
}

/** Imports 32 bytes that are wrapped by Web Crypto. */
async function importInto(kms: Kms, KeyId: string): Promise<void> {
  const { ImportToken, PublicKey = new Uint8Array() } = await kms.getParametersForImport({
    KeyId,
    WrappingAlgorithm: "RSAES_OAEP_SHA_256",
    WrappingKeySpec: "RSA_2048",
  });
  const algorithm = { name: "RSA-OAEP", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", PublicKey.slice(), algorithm, false, ["encrypt"]);
  const sealed = await crypto.subtle.encrypt(algorithm, key, new Uint8Array(32).fill(7));
  await kms.importKeyMaterial({
    KeyId,
    ImportToken,
    EncryptedKeyMaterial: new Uint8Array(sealed),
    ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
  });
}

/** Bytes that an answer must have. */
function bytesOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new Error("The answer has no bytes");
  return hex(bytes);
}
