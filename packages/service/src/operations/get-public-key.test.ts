/** GetPublicKey: what the public key is, and for which keys there is one. */
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import { kmsMethods } from "../kms.ts";
import { KEY_SPECS, type KeySpec, type KeyUsageType } from "../shapes/key-types.ts";

/** Usage, and length in bytes of the public key, by spec. */
const KEY_PAIRS: Readonly<Partial<Record<KeySpec, readonly [KeyUsageType, number]>>> = {
  ECC_NIST_P256: ["SIGN_VERIFY", 91],
  ECC_NIST_P384: ["SIGN_VERIFY", 120],
  ECC_NIST_P521: ["SIGN_VERIFY", 158],
  ECC_SECG_P256K1: ["SIGN_VERIFY", 88],
  ECC_NIST_EDWARDS25519: ["SIGN_VERIFY", 44],
  ML_DSA_44: ["SIGN_VERIFY", 1334],
  ML_DSA_65: ["SIGN_VERIFY", 1974],
  ML_DSA_87: ["SIGN_VERIFY", 2614],
  ML_KEM_512: ["ENCAPSULATE_DECAPSULATE", 822],
  ML_KEM_768: ["ENCAPSULATE_DECAPSULATE", 1206],
  ML_KEM_1024: ["ENCAPSULATE_DECAPSULATE", 1590],
};

describe.each(Object.entries(KEY_PAIRS))("a key pair of spec %s", (spec, [KeyUsage, length]) => {
  test("has a public key, always the same, with what DescribeKey tells of it", async () => {
    const { kms } = await open();
    const KeySpec = KEY_SPECS.find((known) => known === spec);
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
    const KeyId = KeyMetadata?.KeyId;
    const { $metadata: _, PublicKey, ...told } = await kms.getPublicKey({ KeyId });
    expect(PublicKey).toHaveLength(length);
    const known: object = KeyMetadata ?? {};
    expect(known).toMatchObject({ ...told, KeyId });
    expect(told.KeyId).toBe(KeyMetadata?.Arn);
    PublicKey?.fill(0);
    const again = await kms.getPublicKey({ KeyId });
    expect(again.PublicKey).not.toEqual(PublicKey);
    expect((await kms.getPublicKey({ KeyId })).PublicKey).toEqual(again.PublicKey);
  });
});

test.each([
  ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
  ["HMAC_256", "GENERATE_VERIFY_MAC"],
] as const)("there is none of %s", async (KeySpec, KeyUsage) => {
  const { kms } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  await expect(kms.getPublicKey({ KeyId: KeyMetadata?.KeyId })).rejects.toMatchObject({
    name: "UnsupportedOperationException",
    message: `${KeyMetadata?.Arn} key spec is ${KeySpec} which is not valid for this operation.`,
  });
});

test("a key without material has none yet", async () => {
  const { kms } = await open();
  const { KeyMetadata } = await kms.createKey({
    KeySpec: "ECC_NIST_P256",
    KeyUsage: "SIGN_VERIFY",
    Origin: "EXTERNAL",
  });
  await expect(kms.getPublicKey({ KeyId: KeyMetadata?.KeyId })).rejects.toMatchObject({
    name: "KMSInvalidStateException",
    message: `${KeyMetadata?.Arn} is pending import.`,
  });
});

test("the key may be named by alias, ARN and alias ARN; a key that there is not is not found", async () => {
  const { kms, service } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
  await kms.createAlias({ AliasName: "alias/pair", TargetKeyId: KeyMetadata?.KeyId });
  const place = "arn:aws:kms:us-east-1:111122223333";
  for (const KeyId of [KeyMetadata?.Arn, "alias/pair", `${place}:alias/pair`]) {
    expect((await kms.getPublicKey({ KeyId })).KeyAgreementAlgorithms).toEqual(["ECDH"]);
  }
  const elsewhere = kmsMethods(service, { ...CALLER, region: "eu-west-1" });
  await expect(elsewhere.getPublicKey({ KeyId: KeyMetadata?.KeyId })).rejects.toMatchObject({
    name: "NotFoundException",
  });
});
