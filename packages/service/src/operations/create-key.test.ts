/** CreateKey: every key spec with every usage, origin and kind of Region. */
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import { kmsMethods } from "../kms.ts";
import { KEY_SPECS, KEY_USAGES, type KeySpec, type KeyUsageType } from "../shapes/key-types.ts";

/** AWS KMS Developer Guide, "Key spec reference": the usages of each spec, and the algorithms that go with them. */
const SPECS: Readonly<Record<KeySpec, Readonly<Partial<Record<KeyUsageType, readonly string[]>>>>> = {
  SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: ["SYMMETRIC_DEFAULT"] },
  HMAC_224: { GENERATE_VERIFY_MAC: ["HMAC_SHA_224"] },
  HMAC_256: { GENERATE_VERIFY_MAC: ["HMAC_SHA_256"] },
  HMAC_384: { GENERATE_VERIFY_MAC: ["HMAC_SHA_384"] },
  HMAC_512: { GENERATE_VERIFY_MAC: ["HMAC_SHA_512"] },
  RSA_2048: rsa(),
  RSA_3072: rsa(),
  RSA_4096: rsa(),
  ECC_NIST_P256: { SIGN_VERIFY: ["ECDSA_SHA_256"], KEY_AGREEMENT: ["ECDH"] },
  ECC_NIST_P384: { SIGN_VERIFY: ["ECDSA_SHA_384"], KEY_AGREEMENT: ["ECDH"] },
  ECC_NIST_P521: { SIGN_VERIFY: ["ECDSA_SHA_512"], KEY_AGREEMENT: ["ECDH"] },
  ECC_SECG_P256K1: { SIGN_VERIFY: ["ECDSA_SHA_256"] },
  ECC_NIST_EDWARDS25519: { SIGN_VERIFY: ["ED25519_SHA_512", "ED25519_PH_SHA_512"] },
  SM2: { ENCRYPT_DECRYPT: ["SM2PKE"], SIGN_VERIFY: ["SM2DSA"], KEY_AGREEMENT: ["ECDH"] },
  ML_DSA_44: { SIGN_VERIFY: ["ML_DSA_SHAKE_256"] },
  ML_DSA_65: { SIGN_VERIFY: ["ML_DSA_SHAKE_256"] },
  ML_DSA_87: { SIGN_VERIFY: ["ML_DSA_SHAKE_256"] },
  ML_KEM_512: { ENCAPSULATE_DECAPSULATE: ["ML_KEM"] },
  ML_KEM_768: { ENCAPSULATE_DECAPSULATE: ["ML_KEM"] },
  ML_KEM_1024: { ENCAPSULATE_DECAPSULATE: ["ML_KEM"] },
};

function rsa() {
  return {
    ENCRYPT_DECRYPT: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
    SIGN_VERIFY: [
      "RSASSA_PKCS1_V1_5_SHA_256",
      "RSASSA_PKCS1_V1_5_SHA_384",
      "RSASSA_PKCS1_V1_5_SHA_512",
      "RSASSA_PSS_SHA_256",
      "RSASSA_PSS_SHA_384",
      "RSASSA_PSS_SHA_512",
    ],
  };
}

const LISTS = {
  ENCRYPT_DECRYPT: "EncryptionAlgorithms",
  SIGN_VERIFY: "SigningAlgorithms",
  GENERATE_VERIFY_MAC: "MacAlgorithms",
  KEY_AGREEMENT: "KeyAgreementAlgorithms",
  ENCAPSULATE_DECAPSULATE: "EncapsulationAlgorithms",
} as const;

/** Without material, so that no key pair has to be made; CreateKey tells the same of keys with it. */
const Origin = "EXTERNAL";

async function inRegion(region: string) {
  const { service, contents } = await open();
  return { kms: kmsMethods(service, { ...CALLER, region }), contents };
}

/** A Region that has keys of the spec. */
const regionOf = (spec: KeySpec) => (spec === "SM2" ? "cn-north-1" : "us-east-1");

describe.each(KEY_SPECS)("%s", (KeySpec) => {
  const usages = SPECS[KeySpec];
  const allowed = KEY_USAGES.filter((usage) => usages[usage] !== undefined);
  const importable = !KeySpec.startsWith("ML_");

  test.each(importable ? allowed : [])("has the algorithms of %s, and no other list", async (KeyUsage) => {
    const { kms } = await inRegion(regionOf(KeySpec));
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage, Origin });
    expect(KeyMetadata).toMatchObject({
      KeySpec,
      KeyUsage,
      Origin,
      KeyState: "PendingImport",
      Enabled: false,
    });
    for (const [usage, list] of Object.entries(LISTS)) {
      expect(KeyMetadata?.[list]).toEqual(usage === KeyUsage ? usages[KeyUsage] : undefined);
    }
    expect(KeyMetadata).not.toHaveProperty("CurrentKeyMaterialId");
  });

  test.each(KEY_USAGES.filter((usage) => usages[usage] === undefined))("is not for %s", async (KeyUsage) => {
    const { kms, contents } = await inRegion(regionOf(KeySpec));
    const before = await contents();
    await expect(kms.createKey({ KeySpec, KeyUsage, Origin })).rejects.toMatchObject({
      name: "ValidationException",
      message: `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`,
    });
    expect(await contents()).toEqual(before);
  });

  test.each(KeySpec === "SYMMETRIC_DEFAULT" ? [] : [KeySpec])("%s has no usage by itself", async () => {
    const { kms } = await inRegion(regionOf(KeySpec));
    await expect(kms.createKey({ KeySpec, Origin })).rejects.toMatchObject({
      name: "ValidationException",
      message: "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
    });
  });

  test.each(importable ? [] : allowed)("can't be imported for %s", async (KeyUsage) => {
    const { kms } = await inRegion(regionOf(KeySpec));
    await expect(kms.createKey({ KeySpec, KeyUsage, Origin })).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  });
});

describe("HMAC keys", () => {
  test.each([
    ["HMAC_224", 28],
    ["HMAC_256", 32],
    ["HMAC_384", 48],
    ["HMAC_512", 64],
  ] as const)("%s is enabled at once, and its %d bytes are in no record", async (KeySpec, length) => {
    const material: Uint8Array[] = [];
    const { kms, contents } = await open({
      cryptography: await remembering(material),
    });
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" });
    expect(KeyMetadata).toMatchObject({ KeyState: "Enabled", Enabled: true, Origin: "AWS_KMS" });
    expect(KeyMetadata).not.toHaveProperty("CurrentKeyMaterialId");
    const drawn = material.filter((bytes) => bytes.length === length).map((bytes) => bytes.join());
    expect(drawn.length).toBeGreaterThan(0);
    // What stands in the clear in a token is its N, of 32 bytes.
    const records = (await contents()).join("\n");
    if (length !== 32) for (const bytes of drawn) expect(records).not.toContain(bytes);
  });
});

test("a key spec stands under its former name too, if it had one", async () => {
  const { kms } = await open();
  const hmac = await kms.createKey({ CustomerMasterKeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  expect(hmac.KeyMetadata).toMatchObject({ KeySpec: "HMAC_256", CustomerMasterKeySpec: "HMAC_256" });
  const KeySpec = "ECC_NIST_EDWARDS25519";
  const edwards = await kms.createKey({ KeySpec, KeyUsage: "SIGN_VERIFY", Origin });
  expect(edwards.KeyMetadata).toMatchObject({ KeySpec });
  expect(edwards.KeyMetadata).not.toHaveProperty("CustomerMasterKeySpec");
});

test("SM2 is China's alone, ML-KEM is everywhere else", async () => {
  const abroad = await inRegion("eu-west-1");
  const KeyUsage = "SIGN_VERIFY";
  await expect(abroad.kms.createKey({ KeySpec: "SM2", KeyUsage, Origin })).rejects.toMatchObject({
    name: "UnsupportedOperationException",
  });
  const china = await inRegion("cn-northwest-1");
  await expect(
    china.kms.createKey({ KeySpec: "ML_KEM_768", KeyUsage: "ENCAPSULATE_DECAPSULATE" }),
  ).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  expect((await china.kms.createKey({ KeySpec: "SM2", KeyUsage, Origin })).KeyMetadata?.KeySpec).toBe("SM2");
});

test("multi-Region keys of any spec have ids that say so", async () => {
  const { kms } = await open();
  for (const [KeySpec, KeyUsage] of [
    ["HMAC_256", "GENERATE_VERIFY_MAC"],
    ["ECC_NIST_P256", "SIGN_VERIFY"],
  ] as const) {
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage, MultiRegion: true });
    expect(KeyMetadata?.KeyId).toMatch(/^mrk-/);
    expect(KeyMetadata?.MultiRegionConfiguration).toMatchObject({ MultiRegionKeyType: "PRIMARY" });
  }
});

test("keys that are not symmetric encryption keys don't rotate", async () => {
  const { kms } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const KeyId = KeyMetadata?.KeyId;
  const calls = [
    () => kms.enableKeyRotation({ KeyId }),
    () => kms.disableKeyRotation({ KeyId }),
    () => kms.getKeyRotationStatus({ KeyId }),
    () => kms.listKeyRotations({ KeyId }),
    () => kms.rotateKeyOnDemand({ KeyId }),
  ];
  for (const call of calls) {
    await expect(call()).rejects.toMatchObject({
      name: "UnsupportedOperationException",
      message: `${KeyMetadata?.Arn} key spec is HMAC_256 which is not valid for this operation.`,
    });
  }
});

async function remembering(drawn: Uint8Array[]) {
  const { platformCryptography } = await import("@kmslite/hierarchy");
  const cryptography = await platformCryptography();
  return {
    ...cryptography,
    random: (length: number) => {
      const bytes = cryptography.random(length);
      drawn.push(bytes.slice());
      return bytes;
    },
  };
}
