/** Encrypt, Decrypt and ReEncrypt with RSA and SM2 key pairs. */
import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { keyMaterialIdOf } from "@kmslite/hierarchy";
import { beforeAll, describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { kmsMethods } from "../kms.ts";

const Plaintext = new TextEncoder().encode("attack at dawn");
const KeyUsage = "ENCRYPT_DECRYPT";

/** The longest plaintexts, from AWS's documentation of Encrypt. */
const RSA = [
  ["RSA_2048", "RSAES_OAEP_SHA_1", "sha1", 214],
  ["RSA_2048", "RSAES_OAEP_SHA_256", "sha256", 190],
  ["RSA_3072", "RSAES_OAEP_SHA_1", "sha1", 342],
  ["RSA_3072", "RSAES_OAEP_SHA_256", "sha256", 318],
  ["RSA_4096", "RSAES_OAEP_SHA_1", "sha1", 470],
  ["RSA_4096", "RSAES_OAEP_SHA_256", "sha256", 446],
] as const;

describe.each(RSA)("%s with %s", (KeySpec, EncryptionAlgorithm, oaepHash, longest) => {
  test(`encrypts 1 to ${longest} bytes, and decrypts what OpenSSL encrypts`, {
    timeout: 60_000,
  }, async () => {
    const { kms } = await open();
    const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
    const KeyId = KeyMetadata?.KeyId;
    const told = { KeyId: KeyMetadata?.Arn, EncryptionAlgorithm };
    for (const length of [1, longest]) {
      const message = new Uint8Array(length).fill(length);
      const sealed = await kms.encrypt({ KeyId, Plaintext: message, EncryptionAlgorithm });
      expect(sealed).toMatchObject(told);
      const { CiphertextBlob } = sealed;
      expect(CiphertextBlob).toHaveLength(Number(KeySpec.slice(4)) / 8);
      const opened = await kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm });
      expect(opened).toMatchObject({ ...told, Plaintext: message });
      // Only symmetric keys have material that is named.
      expect(opened).not.toHaveProperty("KeyMaterialId");
    }
    await expect(
      kms.encrypt({ KeyId, Plaintext: new Uint8Array(longest + 1), EncryptionAlgorithm }),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: `Algorithm ${EncryptionAlgorithm} and key spec ${KeySpec} cannot encrypt data larger than ${longest} bytes.`,
    });
    const { PublicKey } = await kms.getPublicKey({ KeyId });
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const CiphertextBlob = new Uint8Array(publicEncrypt({ key, oaepHash, padding }, Plaintext));
    const opened = await kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm });
    expect(opened.Plaintext).toEqual(Plaintext);
  });
});

test("SM2 encrypts 1 to 1,024 bytes in China", async () => {
  const { service } = await open();
  const kms = kmsMethods(service, { ...CALLER, region: "cn-north-1" });
  const KeyId = (await kms.createKey({ KeySpec: "SM2", KeyUsage })).KeyMetadata?.KeyId;
  const EncryptionAlgorithm = "SM2PKE";
  for (const length of [1, 1024]) {
    const message = new Uint8Array(length).fill(length);
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: message, EncryptionAlgorithm });
    const opened = await kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm });
    expect(opened.Plaintext).toEqual(message);
  }
  await expect(
    kms.encrypt({ KeyId, Plaintext: new Uint8Array(1025), EncryptionAlgorithm }),
  ).rejects.toMatchObject({
    name: "ValidationException",
    message: "Algorithm SM2PKE and key spec SM2 cannot encrypt data larger than 1024 bytes.",
  });
});

describe("an RSA key", () => {
  let kms: Opened["kms"];
  let key: Opened["key"];
  let KeyId: string | undefined;
  let Arn: string | undefined;
  let CiphertextBlob: Uint8Array;
  const EncryptionAlgorithm = "RSAES_OAEP_SHA_256";

  beforeAll(async () => {
    ({ kms, key } = await open());
    const { KeyMetadata } = await kms.createKey({ KeySpec: "RSA_2048", KeyUsage });
    ({ KeyId, Arn } = KeyMetadata ?? { KeyId: undefined, Arn: undefined });
    const sealed = await kms.encrypt({ KeyId, Plaintext, EncryptionAlgorithm });
    CiphertextBlob = sealed.CiphertextBlob ?? new Uint8Array();
  });

  test("wants the algorithm to be named", async () => {
    const refusal = {
      name: "InvalidKeyUsageException",
      message: "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.",
    };
    await expect(kms.encrypt({ KeyId, Plaintext })).rejects.toMatchObject(refusal);
    await expect(kms.decrypt({ KeyId, CiphertextBlob })).rejects.toMatchObject(refusal);
    const DestinationKeyId = KeyId;
    const symmetric = await kms.encrypt({ KeyId: await key(), Plaintext });
    await expect(
      kms.reEncrypt({ CiphertextBlob: symmetric.CiphertextBlob, DestinationKeyId }),
    ).rejects.toMatchObject(refusal);
  });

  test("takes no algorithm of another spec", async () => {
    const request = { KeyId, Plaintext, EncryptionAlgorithm: "SM2PKE" } as const;
    await expect(kms.encrypt(request)).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
      message: "Algorithm SM2PKE is incompatible with key spec RSA_2048.",
    });
  });

  test("has no encryption context, but an empty one", async () => {
    const refusal = {
      name: "ValidationException",
      message: "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
    };
    const EncryptionContext = { a: "1" };
    const sealing = { KeyId, Plaintext, EncryptionAlgorithm } as const;
    const opening = { KeyId, CiphertextBlob, EncryptionAlgorithm } as const;
    await expect(kms.encrypt({ ...sealing, EncryptionContext })).rejects.toMatchObject(refusal);
    await expect(kms.decrypt({ ...opening, EncryptionContext })).rejects.toMatchObject(refusal);
    expect((await kms.decrypt({ ...opening, EncryptionContext: {} })).Plaintext).toEqual(Plaintext);
  });

  test("must be named to decrypt, since its ciphertext does not name it", async () => {
    await expect(kms.decrypt({ CiphertextBlob, EncryptionAlgorithm })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
  });

  test("decrypts nothing but its own, and does not say why", async () => {
    const { KeyMetadata } = await kms.createKey({ KeySpec: "RSA_2048", KeyUsage });
    const edited = CiphertextBlob.slice();
    edited[9] = (edited[9] ?? 0) ^ 1;
    const symmetric = await kms.encrypt({ KeyId: await key(), Plaintext });
    const opening = { KeyId, CiphertextBlob, EncryptionAlgorithm } as const;
    for (const wrong of [
      { ...opening, CiphertextBlob: edited },
      { ...opening, CiphertextBlob: CiphertextBlob.subarray(1) },
      { ...opening, CiphertextBlob: new Uint8Array(6144) },
      { ...opening, CiphertextBlob: new Uint8Array(256).fill(255) },
      { ...opening, CiphertextBlob: symmetric.CiphertextBlob },
      { ...opening, EncryptionAlgorithm: "RSAES_OAEP_SHA_1" as const },
      { ...opening, KeyId: KeyMetadata?.KeyId },
    ]) {
      await expect(kms.decrypt(wrong)).rejects.toMatchObject({
        name: "InvalidCiphertextException",
        message: "",
      });
    }
  });

  test("only says whether it would succeed in a dry run, with or without a ciphertext", async () => {
    const dry = { name: "DryRunOperationException" };
    const DryRun = true;
    const sealing = { KeyId, Plaintext, EncryptionAlgorithm, DryRun } as const;
    await expect(kms.encrypt(sealing)).rejects.toMatchObject(dry);
    await expect(kms.encrypt({ ...sealing, Plaintext: new Uint8Array(191) })).rejects.toMatchObject({
      name: "ValidationException",
    });
    const opening = { KeyId, EncryptionAlgorithm, DryRun } as const;
    await expect(kms.decrypt({ ...opening, CiphertextBlob })).rejects.toMatchObject(dry);
    await expect(kms.decrypt({ ...opening, DryRunModifiers: ["IGNORE_CIPHERTEXT"] })).rejects.toMatchObject(
      dry,
    );
    await expect(
      kms.decrypt({ KeyId, DryRun, DryRunModifiers: ["IGNORE_CIPHERTEXT"] }),
    ).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
  });

  test("gives and takes in ReEncrypt, between every kind of key", async () => {
    const other = await kms.createKey({ KeySpec: "RSA_2048", KeyUsage });
    const otherId = other.KeyMetadata?.KeyId;
    const symmetric = await key();
    const SourceEncryptionAlgorithm = EncryptionAlgorithm;
    const source = { CiphertextBlob, SourceKeyId: KeyId, SourceEncryptionAlgorithm } as const;
    const toSymmetric = await kms.reEncrypt({
      ...source,
      DestinationKeyId: symmetric,
      DestinationEncryptionContext: { a: "1" },
    });
    const { KeyMetadata } = await kms.describeKey({ KeyId: symmetric });
    expect(toSymmetric).toMatchObject({
      SourceKeyId: Arn,
      KeyId: KeyMetadata?.Arn,
      SourceEncryptionAlgorithm,
      DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      DestinationKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
    });
    expect(toSymmetric).not.toHaveProperty("SourceKeyMaterialId");
    const toOther = await kms.reEncrypt({
      CiphertextBlob: toSymmetric.CiphertextBlob,
      SourceEncryptionContext: { a: "1" },
      DestinationKeyId: otherId,
      DestinationEncryptionAlgorithm: "RSAES_OAEP_SHA_1",
    });
    expect(toOther).toMatchObject({
      SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      DestinationEncryptionAlgorithm: "RSAES_OAEP_SHA_1",
      SourceKeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
    });
    expect(toOther).not.toHaveProperty("DestinationKeyMaterialId");
    const opened = await kms.decrypt({
      KeyId: otherId,
      CiphertextBlob: toOther.CiphertextBlob,
      EncryptionAlgorithm: "RSAES_OAEP_SHA_1",
    });
    expect(opened.Plaintext).toEqual(Plaintext);
    const long = await kms.encrypt({ KeyId: symmetric, Plaintext: new Uint8Array(191) });
    const tooLong = { CiphertextBlob: long.CiphertextBlob, DestinationKeyId: otherId } as const;
    await expect(
      kms.reEncrypt({ ...tooLong, DestinationEncryptionAlgorithm: EncryptionAlgorithm }),
    ).rejects.toMatchObject({ name: "ValidationException" });
    await expect(
      kms.reEncrypt({ ...source, DestinationKeyId: symmetric, DryRun: true }),
    ).rejects.toMatchObject({ name: "DryRunOperationException" });
  });
});

test.each([
  ["RSA_2048", "SIGN_VERIFY"],
  ["HMAC_256", "GENERATE_VERIFY_MAC"],
] as const)("a key of spec %s for %s encrypts nothing", async (KeySpec, usage) => {
  const { kms, key } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage: usage });
  const KeyId = KeyMetadata?.KeyId;
  const EncryptionAlgorithm = "RSAES_OAEP_SHA_256";
  const refusal = (operation: string) => ({
    name: "InvalidKeyUsageException",
    message: `${KeyMetadata?.Arn} key usage is ${usage} which is not valid for ${operation}.`,
  });
  const CiphertextBlob = new Uint8Array(256);
  await expect(kms.encrypt({ KeyId, Plaintext, EncryptionAlgorithm })).rejects.toMatchObject(
    refusal("Encrypt"),
  );
  await expect(kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm })).rejects.toMatchObject(
    refusal("Decrypt"),
  );
  const DestinationKeyId = await key();
  const { CiphertextBlob: symmetric } = await kms.encrypt({ KeyId: DestinationKeyId, Plaintext });
  await expect(kms.reEncrypt({ CiphertextBlob: symmetric, DestinationKeyId: KeyId })).rejects.toMatchObject(
    refusal("ReEncrypt"),
  );
  await expect(kms.reEncrypt({ CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId })).rejects.toMatchObject(
    refusal("ReEncrypt"),
  );
});

test("a blob that names a key pair and its material is no blob: its key encrypts none", async () => {
  const { kms, key } = await open();
  const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({ KeyId: await key(), Plaintext });
  const KeyId = (await kms.createKey({ KeySpec: "RSA_2048", KeyUsage })).KeyMetadata?.KeyId ?? "";
  const { PublicKey = new Uint8Array() } = await kms.getPublicKey({ KeyId });
  const forged = CiphertextBlob.slice();
  forged.set(Buffer.from(KeyId.replaceAll("-", ""), "hex"), 4);
  // Whoever has the public key can work this out.
  forged.set(Buffer.from(keyMaterialIdOf("RSA_2048", PublicKey, KeyId), "hex"), 20);
  await expect(kms.decrypt({ CiphertextBlob: forged })).rejects.toMatchObject({
    name: "InvalidKeyUsageException",
  });
  const EncryptionAlgorithm = "RSAES_OAEP_SHA_256";
  for (const request of [{}, { KeyId }]) {
    await expect(
      kms.decrypt({ ...request, CiphertextBlob: forged, EncryptionAlgorithm }),
    ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  }
});
