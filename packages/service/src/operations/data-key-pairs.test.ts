/** GenerateDataKeyPair, with plaintext and without: every spec, under every kind of KMS key. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import type { DataKeyPairSpec } from "../data-key-pairs.ts";
import { kmsMethods } from "../kms.ts";

const CONTEXT = { tenant: "a" };

/** Key pair specs, and whether OpenSSL 3.0 reads them. */
const SPECS: readonly (readonly [DataKeyPairSpec, boolean])[] = [
  ["RSA_2048", true],
  ["RSA_3072", true],
  ["RSA_4096", true],
  ["ECC_NIST_P256", true],
  ["ECC_NIST_P384", true],
  ["ECC_NIST_P521", true],
  ["ECC_SECG_P256K1", true],
  ["ECC_NIST_EDWARDS25519", true],
  ["ML_KEM_512", false],
  ["ML_KEM_768", false],
  ["ML_KEM_1024", false],
];

describe.each(SPECS)("a data key pair of spec %s", (KeyPairSpec, known) => {
  test("comes in plaintext and encrypted; its public key is its private key's", {
    timeout: 60_000,
  }, async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const request = { KeyId, KeyPairSpec, EncryptionContext: CONTEXT };
    const pair = await kms.generateDataKeyPair(request);
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    const told = { KeyId: KeyMetadata?.Arn, KeyPairSpec, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId };
    expect(pair).toMatchObject(told);
    const { PrivateKeyCiphertextBlob: CiphertextBlob, PrivateKeyPlaintext, PublicKey } = pair;
    const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: CONTEXT });
    expect(opened.Plaintext).toEqual(PrivateKeyPlaintext);
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    if (!known) return;
    const der = Buffer.from(PrivateKeyPlaintext ?? []);
    const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
    expect(new Uint8Array(spki)).toEqual(PublicKey);
  });
});

test("without plaintext there is none, and the private key comes out of Decrypt", async () => {
  const { kms, key } = await open();
  const KeyId = await key();
  const pair = await kms.generateDataKeyPairWithoutPlaintext({ KeyId, KeyPairSpec: "ECC_NIST_P256" });
  expect(pair).not.toHaveProperty("PrivateKeyPlaintext");
  const { Plaintext = new Uint8Array() } = await kms.decrypt({
    CiphertextBlob: pair.PrivateKeyCiphertextBlob,
  });
  const privateKey = createPrivateKey({ key: Buffer.from(Plaintext), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  expect(new Uint8Array(spki)).toEqual(pair.PublicKey);
});

test("the private key of an ML-KEM pair is its seed, of the same length for every spec", async () => {
  const { kms, key } = await open();
  const KeyId = await key();
  const lengths = new Set<number | undefined>();
  for (const KeyPairSpec of ["ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"] as const) {
    lengths.add((await kms.generateDataKeyPair({ KeyId, KeyPairSpec })).PrivateKeyPlaintext?.length);
  }
  expect([...lengths]).toEqual([86]);
});

test("SM2 pairs are made in China alone, ML-KEM pairs everywhere else", async () => {
  const { kms, key, service } = await open();
  const unsupported = { name: "UnsupportedOperationException" };
  const sm2 = { KeyId: await key(), KeyPairSpec: "SM2" } as const;
  await expect(kms.generateDataKeyPair(sm2)).rejects.toMatchObject(unsupported);
  await expect(kms.generateDataKeyPairWithoutPlaintext(sm2)).rejects.toMatchObject(unsupported);
  const china = kmsMethods(service, { ...CALLER, region: "cn-north-1" });
  const KeyId = (await china.createKey({})).KeyMetadata?.KeyId;
  const pair = await china.generateDataKeyPair({ KeyId, KeyPairSpec: "SM2" });
  const opened = await china.decrypt({ CiphertextBlob: pair.PrivateKeyCiphertextBlob });
  expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext);
  await expect(china.generateDataKeyPair({ KeyId, KeyPairSpec: "ML_KEM_512" })).rejects.toMatchObject(
    unsupported,
  );
});

test.each([
  ["RSA_2048", "ENCRYPT_DECRYPT", "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."],
  [
    "HMAC_256",
    "GENERATE_VERIFY_MAC",
    "ARN key usage is GENERATE_VERIFY_MAC which is not valid for OPERATION.",
  ],
  ["ECC_NIST_P256", "SIGN_VERIFY", "ARN key usage is SIGN_VERIFY which is not valid for OPERATION."],
] as const)("a key of spec %s for %s encrypts no data keys", async (KeySpec, KeyUsage, message) => {
  const { kms } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  const KeyId = KeyMetadata?.KeyId;
  const calls = {
    GenerateDataKeyPair: () => kms.generateDataKeyPair({ KeyId, KeyPairSpec: "ECC_NIST_P256" }),
    GenerateDataKeyPairWithoutPlaintext: () =>
      kms.generateDataKeyPairWithoutPlaintext({ KeyId, KeyPairSpec: "ECC_NIST_P256" }),
    GenerateDataKey: () => kms.generateDataKey({ KeyId, KeySpec: "AES_256" }),
    GenerateDataKeyWithoutPlaintext: () => kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: "AES_256" }),
  };
  for (const [operation, call] of Object.entries(calls)) {
    await expect(call()).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
      message: message.replace("ARN", KeyMetadata?.Arn ?? "").replace("OPERATION", operation),
    });
  }
});

test("a dry run makes none", async () => {
  const { kms, key } = await open();
  const request = { KeyId: await key(), KeyPairSpec: "ECC_NIST_P256" } as const;
  const dry = { name: "DryRunOperationException" };
  await expect(kms.generateDataKeyPair({ ...request, DryRun: true })).rejects.toMatchObject(dry);
  await expect(kms.generateDataKeyPairWithoutPlaintext({ ...request, DryRun: true })).rejects.toMatchObject(
    dry,
  );
  await expect(kms.generateDataKeyPair({ ...request, KeyPairSpec: undefined })).rejects.toMatchObject({
    name: "ValidationException",
  });
});
