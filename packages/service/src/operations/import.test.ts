/** Imported key material: parameters and tokens, what may be imported when, expiry, deletion, rotation, and related keys. */
import { generateKeyPairSync } from "node:crypto";
import { memoryStore } from "@kmslite/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { type Wrapping, wrap, wrapped } from "../../test-support/wrapped.ts";
import { type ImportKeyMaterialRequest, type KmsMethods, kmsMethods } from "../index.ts";
import type { KeySpec, KeyUsageType } from "../shapes/key-types.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const HOME = CALLER.region;
const EUROPE = "eu-west-1";
const TEXT = new TextEncoder().encode("attack at dawn");
const FOREVER = { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" } as const;
const NEW = { ...FOREVER, ImportType: "NEW_KEY_MATERIAL" } as const;
const EXISTING = { ...FOREVER, ImportType: "EXISTING_KEY_MATERIAL" } as const;
const FIRST = new Uint8Array(32).fill(1);
const SECOND = new Uint8Array(32).fill(2);
const THIRD = new Uint8Array(32).fill(3);

type ImportOptions = Partial<ImportKeyMaterialRequest> & { readonly wrapping?: Wrapping };

/** Imports material that is wrapped on the way. */
async function bring(kms: KmsMethods, KeyId: string, material: Uint8Array, options: ImportOptions = FOREVER) {
  const { wrapping, ...request } = options;
  const brought = await wrapped(kms, KeyId, material, wrapping);
  return kms.importKeyMaterial({ KeyId, ...brought, ...request });
}

async function externalKey(
  options: { KeySpec?: KeySpec; KeyUsage?: KeyUsageType; MultiRegion?: boolean } = {},
) {
  const opened = await open();
  const { KeyMetadata } = await opened.kms.createKey({ Origin: "EXTERNAL", ...options });
  const KeyId = KeyMetadata?.KeyId ?? "";
  return { ...opened, KeyId, in: (region: string) => kmsIn(opened, region) };
}

function kmsIn({ service }: Opened, region: string): KmsMethods {
  return kmsMethods(service, { ...CALLER, region });
}

/** A key with imported material. */
async function importedKey(options: { MultiRegion?: boolean } = {}) {
  const opened = await externalKey(options);
  const { KeyMaterialId = "" } = await bring(opened.kms, opened.KeyId, FIRST);
  return { ...opened, materialId: KeyMaterialId };
}

const stateOf = async (kms: KmsMethods, KeyId: string) =>
  (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;

const materials = async (kms: KmsMethods, KeyId: string) =>
  (await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" })).Rotations ?? [];

describe("GetParametersForImport", () => {
  test.each([
    ["RSA_2048", 294],
    ["RSA_3072", 422],
    ["RSA_4096", 550],
  ] as const)("gives a public key of %s and a token for a day", async (WrappingKeySpec, length) => {
    const { kms, KeyId, clock } = await externalKey();
    const parameters = await kms.getParametersForImport({
      ...{ KeyId, WrappingKeySpec, WrappingAlgorithm: "RSAES_OAEP_SHA_256" },
    });
    expect(parameters).toMatchObject({
      KeyId: `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`,
      ParametersValidTo: new Date(clock.now + DAY),
    });
    expect(parameters.PublicKey).toHaveLength(length);
    expect(parameters.ImportToken?.length).toBeGreaterThan(32);
  });

  test.each([
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "RSA_2048", "RSAES_PKCS1_V1_5"],
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "SM2", "SM2PKE"],
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "SM2", "RSAES_OAEP_SHA_256"],
    ["RSA_2048", "SIGN_VERIFY", "RSA_4096", "RSAES_OAEP_SHA_256"],
    ["ECC_NIST_P521", "SIGN_VERIFY", "RSA_2048", "RSAES_OAEP_SHA_1"],
  ] as const)("does not offer to a key of %s for %s: %s, %s", async (KeySpec, KeyUsage, spec, algorithm) => {
    const { kms, KeyId } = await externalKey({ KeySpec, KeyUsage });
    const request = { KeyId, WrappingKeySpec: spec, WrappingAlgorithm: algorithm };
    await expect(kms.getParametersForImport(request)).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  });

  test("keeps the private key wrapped, and for a day only", async () => {
    const { kms, KeyId, clock, service, contents } = await externalKey();
    const { ImportToken, EncryptedKeyMaterial } = await wrapped(kms, KeyId, FIRST);
    const wrapping = async () => (await contents()).filter((line) => line.includes("/wrapping-")).length;
    // The key token, and the work that is due.
    expect(await wrapping()).toBe(2);
    clock.now += DAY;
    await service.runDueWork();
    expect(await wrapping()).toBe(0);
    const late = kms.importKeyMaterial({ KeyId, ImportToken, EncryptedKeyMaterial, ...FOREVER });
    await expect(late).rejects.toMatchObject({ name: "ExpiredImportTokenException" });
  });

  test("outlives a rotation of the domain key", async () => {
    const { kms, KeyId, service } = await externalKey();
    const brought = await wrapped(kms, KeyId, FIRST);
    await service.rotateDomainKey();
    await kms.importKeyMaterial({ KeyId, ...brought, ...FOREVER });
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
  });
});

describe("an import token", () => {
  test("is good for its KMS key, unchanged, and no other", async () => {
    const { kms, KeyId } = await externalKey();
    const { ImportToken, EncryptedKeyMaterial } = await wrapped(kms, KeyId, FIRST);
    const { KeyMetadata } = await kms.createKey({ Origin: "EXTERNAL" });
    const invalid = (keyId: string, token: Uint8Array) =>
      expect(
        kms.importKeyMaterial({ KeyId: keyId, ImportToken: token, EncryptedKeyMaterial, ...FOREVER }),
      ).rejects.toMatchObject({ name: "InvalidImportTokenException" });
    await invalid(KeyMetadata?.KeyId ?? "", ImportToken);
    await fc.assert(
      fc.asyncProperty(fc.nat(ImportToken.length * 8 - 1), async (bit) => {
        const flipped = ImportToken.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await invalid(KeyId, flipped);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (token) => {
        await invalid(KeyId, token);
      }),
    );
  });

  test("goes with its own wrapping key only", async () => {
    const { kms, KeyId } = await externalKey();
    const [one, other] = [await wrapped(kms, KeyId, FIRST), await wrapped(kms, KeyId, FIRST)];
    const mixed = { ImportToken: one.ImportToken, EncryptedKeyMaterial: other.EncryptedKeyMaterial };
    await expect(kms.importKeyMaterial({ KeyId, ...mixed, ...FOREVER })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
  });

  test("serves several imports", async () => {
    const { kms, KeyId } = await externalKey();
    const brought = await wrapped(kms, KeyId, FIRST);
    for (let times = 0; times < 2; times++) await kms.importKeyMaterial({ KeyId, ...brought, ...FOREVER });
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
  });
});

describe("ImportKeyMaterial", () => {
  test.each([
    { algorithm: "RSAES_OAEP_SHA_1", keySpec: "RSA_2048" },
    { algorithm: "RSAES_OAEP_SHA_256", keySpec: "RSA_3072" },
    { algorithm: "RSA_AES_KEY_WRAP_SHA_1", keySpec: "RSA_2048" },
    { algorithm: "RSA_AES_KEY_WRAP_SHA_256", keySpec: "RSA_4096" },
  ] as const)("makes the key usable: $algorithm under $keySpec", async (wrapping) => {
    const { kms, KeyId } = await externalKey();
    await expect(kms.encrypt({ KeyId, Plaintext: TEXT })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
      message: expect.stringMatching(/ is pending import\.$/),
    });
    const answer = await bring(kms, KeyId, FIRST, { ...FOREVER, wrapping });
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    expect(KeyMetadata).toMatchObject({
      ...{
        KeyState: "Enabled",
        Enabled: true,
        Origin: "EXTERNAL",
        CurrentKeyMaterialId: answer.KeyMaterialId,
      },
      ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
    });
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test.each([
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", 31],
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", 33],
    ["HMAC_224", "GENERATE_VERIFY_MAC", 27],
    ["HMAC_224", "GENERATE_VERIFY_MAC", 129],
    ["HMAC_256", "GENERATE_VERIFY_MAC", 31],
    ["HMAC_384", "GENERATE_VERIFY_MAC", 47],
    ["HMAC_512", "GENERATE_VERIFY_MAC", 63],
    ["HMAC_512", "GENERATE_VERIFY_MAC", 129],
    ["ECC_NIST_P256", "SIGN_VERIFY", 32],
    ["RSA_2048", "SIGN_VERIFY", 1200],
  ] as const)("refuses to a key of %s for %s: %i bytes", async (KeySpec, KeyUsage, length) => {
    const { kms, KeyId } = await externalKey({ KeySpec, KeyUsage });
    const wrapping = { algorithm: "RSA_AES_KEY_WRAP_SHA_256" } as const;
    await expect(
      bring(kms, KeyId, new Uint8Array(length).fill(5), { ...FOREVER, wrapping }),
    ).rejects.toMatchObject({ name: "IncorrectKeyMaterialException" });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
  });

  test.each([
    ["ECC_NIST_P256", "SIGN_VERIFY", () => generateKeyPairSync("ec", { namedCurve: "P-384" })],
    ["ECC_NIST_P256", "KEY_AGREEMENT", () => generateKeyPairSync("ec", { namedCurve: "secp256k1" })],
    ["RSA_2048", "SIGN_VERIFY", () => generateKeyPairSync("rsa", { modulusLength: 3072 })],
    ["RSA_3072", "ENCRYPT_DECRYPT", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ] as const)(
    "refuses to a key of %s for %s a private key of another kind",
    async (KeySpec, KeyUsage, pair) => {
      const { kms, KeyId } = await externalKey({ KeySpec, KeyUsage });
      const material = new Uint8Array(pair().privateKey.export({ format: "der", type: "pkcs8" }));
      const wrapping = { algorithm: "RSA_AES_KEY_WRAP_SHA_256" } as const;
      await expect(bring(kms, KeyId, material, { ...FOREVER, wrapping })).rejects.toMatchObject({
        name: "IncorrectKeyMaterialException",
      });
    },
  );

  test("takes the same material again, and nothing else", async () => {
    const { kms, KeyId, materialId } = await importedKey();
    expect((await bring(kms, KeyId, FIRST)).KeyMaterialId).toBe(materialId);
    for (const options of [FOREVER, EXISTING]) {
      await expect(bring(kms, KeyId, SECOND, options)).rejects.toMatchObject({
        name: "IncorrectKeyMaterialException",
      });
    }
    await expect(bring(kms, KeyId, FIRST, NEW)).rejects.toMatchObject({
      name: "IncorrectKeyMaterialException",
    });
    const named = { ...FOREVER, KeyMaterialId: "0".repeat(64) };
    await expect(bring(kms, KeyId, FIRST, named)).rejects.toMatchObject({
      name: "IncorrectKeyMaterialException",
    });
    await bring(kms, KeyId, FIRST, { ...FOREVER, KeyMaterialId: materialId });
  });

  test("refuses existing material of a key that never had any", async () => {
    const { kms, KeyId } = await externalKey();
    await expect(bring(kms, KeyId, FIRST, EXISTING)).rejects.toMatchObject({
      name: "IncorrectKeyMaterialException",
    });
  });

  test("takes other private keys and HMAC keys never", async () => {
    const { kms, KeyId } = await externalKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
    expect(await bring(kms, KeyId, FIRST)).not.toHaveProperty("KeyMaterialId");
    await expect(bring(kms, KeyId, SECOND)).rejects.toMatchObject({ name: "IncorrectKeyMaterialException" });
    await kms.deleteImportedKeyMaterial({ KeyId });
    await expect(bring(kms, KeyId, SECOND)).rejects.toMatchObject({ name: "IncorrectKeyMaterialException" });
    await bring(kms, KeyId, FIRST);
    for (const only of [
      NEW,
      { ...FOREVER, KeyMaterialDescription: "a" },
      { ...FOREVER, KeyMaterialId: "0".repeat(64) },
    ]) {
      await expect(bring(kms, KeyId, FIRST, only)).rejects.toMatchObject({
        name: "UnsupportedOperationException",
      });
    }
  });

  test.each([
    [{}, "no date to an expiration"],
    [{ ExpirationModel: "KEY_MATERIAL_EXPIRES" as const }, "no date to an expiration that is named"],
    [{ ...FOREVER, ValidTo: new Date(Date.UTC(2026, 0, 2)) }, "a date without an expiration"],
    [{ ValidTo: new Date(Date.UTC(2026, 0, 1)) }, "a date that is not in the future"],
    [{ ValidTo: new Date(Date.UTC(2027, 0, 1, 0, 0, 0, 1)) }, "a date beyond 365 days"],
    [{ ...NEW, KeyMaterialId: "0".repeat(64) }, "an id of new material"],
    [{ ...FOREVER, KeyMaterialId: "0".repeat(63) }, "an id that is too short"],
    [{ ...FOREVER, KeyMaterialDescription: "a?" }, "a description with other characters"],
  ] as readonly [ImportOptions, string][])("refuses %o: %s", async (options) => {
    const { kms, KeyId } = await externalKey();
    await expect(bring(kms, KeyId, FIRST, options)).rejects.toMatchObject({ name: "ValidationException" });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
  });

  test("is not for keys whose material AWS_KMS makes", async () => {
    const { kms, key, KeyId } = await externalKey();
    const own = await key();
    const brought = await wrapped(kms, KeyId, FIRST);
    for (const call of [
      () => kms.importKeyMaterial({ KeyId: own, ...brought, ...FOREVER }),
      () => wrapped(kms, own, FIRST),
      () => kms.deleteImportedKeyMaterial({ KeyId: own }),
    ]) {
      await expect(call()).rejects.toMatchObject({
        name: "UnsupportedOperationException",
        message: expect.stringMatching(/ origin is AWS_KMS which is not valid for this operation\.$/),
      });
    }
    await expect(kms.enableKeyRotation({ KeyId })).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  });

  test("leaves a disabled key disabled", async () => {
    const { kms, KeyId } = await importedKey();
    await kms.disableKey({ KeyId });
    await bring(kms, KeyId, FIRST);
    expect(await stateOf(kms, KeyId)).toBe("Disabled");
  });

  test("leaves no trace of the material or of the wrapping key in the store", async () => {
    const { KeyId, contents } = await importedKey();
    const dump = (await contents()).join("\n");
    expect(dump).toContain(KeyId);
    expect(dump).not.toContain(FIRST.join());
    expect(dump).not.toContain([...new TextEncoder().encode(Buffer.from(FIRST).toString("hex"))].join());
  });
});

describe("imported material that expires", () => {
  test("is gone at its time, and the key waits for it", async () => {
    const { kms, KeyId, clock, contents } = await externalKey();
    const ValidTo = new Date(clock.now + 10 * DAY);
    await bring(kms, KeyId, FIRST, { ValidTo });
    expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({
      ...{ ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo },
    });
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    clock.now += 10 * DAY;
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: "PendingImport", Enabled: false });
    expect(KeyMetadata).not.toHaveProperty("ExpirationModel");
    expect((await contents()).filter((line) => line.startsWith("backing/us-east-1/"))).toEqual([]);
    await bring(kms, KeyId, FIRST);
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test("can be given another time by importing it again", async () => {
    const { kms, KeyId, clock } = await externalKey();
    await bring(kms, KeyId, FIRST, { ValidTo: new Date(clock.now + 10 * DAY) });
    await bring(kms, KeyId, FIRST, { ValidTo: new Date(clock.now + 20 * DAY) });
    clock.now += 15 * DAY;
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
    await bring(kms, KeyId, FIRST, { ValidTo: new Date(clock.now + 365 * DAY) });
    clock.now += 300 * DAY;
    await bring(kms, KeyId, FIRST);
    clock.now += 300 * DAY;
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
  });

  test("is not used at its time even if it could not be deleted", async () => {
    const store = memoryStore();
    let broken = false;
    const failing = {
      ...store,
      get: (key: string) => store.get(key),
      list: (range: Parameters<typeof store.list>[0]) => store.list(range),
      commit: (commit: Parameters<typeof store.commit>[0]) =>
        broken ? Promise.reject(new Error("full")) : store.commit(commit),
      close: () => store.close(),
    };
    const opened = await open({ store: failing });
    const { kms, clock } = opened;
    const KeyId = (await kms.createKey({ Origin: "EXTERNAL" })).KeyMetadata?.KeyId ?? "";
    await bring(kms, KeyId, FIRST, { ValidTo: new Date(clock.now + 10 * DAY) });
    clock.now += 10 * DAY;
    broken = true;
    await expect(kms.encrypt({ KeyId, Plaintext: TEXT })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
  });
});

describe("DeleteImportedKeyMaterial", () => {
  test("leaves a key that only the same material brings back", async () => {
    const { kms, KeyId, materialId, contents } = await importedKey();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    expect(await kms.deleteImportedKeyMaterial({ KeyId })).toMatchObject({
      KeyId: `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`,
      KeyMaterialId: materialId,
    });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
    expect((await contents()).filter((line) => line.includes(`/${materialId} `))).toEqual([]);
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await expect(kms.enableKey({ KeyId })).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await kms.deleteImportedKeyMaterial({ KeyId });
    await expect(bring(kms, KeyId, SECOND)).rejects.toMatchObject({ name: "IncorrectKeyMaterialException" });
    await bring(kms, KeyId, FIRST);
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test("does not change the state of a key that is pending deletion, nor can that be enabled without it", async () => {
    const { kms, KeyId } = await importedKey();
    await kms.scheduleKeyDeletion({ KeyId });
    await kms.deleteImportedKeyMaterial({ KeyId });
    expect(await stateOf(kms, KeyId)).toBe("PendingDeletion");
    await expect(wrapped(kms, KeyId, FIRST)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await kms.cancelKeyDeletion({ KeyId });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
  });

  test("of a key that has none changes nothing", async () => {
    const { kms, KeyId, contents } = await externalKey();
    const before = await contents();
    await kms.deleteImportedKeyMaterial({ KeyId });
    expect(await contents()).toEqual(before);
    const request = { KeyId, KeyMaterialId: "0".repeat(64) };
    await expect(kms.deleteImportedKeyMaterial(request)).rejects.toMatchObject({ name: "NotFoundException" });
  });
});

describe("rotation to imported material", () => {
  test("makes waiting material current, and keeps the former", async () => {
    const { kms, KeyId, materialId, clock } = await importedKey();
    const { CiphertextBlob: old } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    await expect(kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
    const { KeyMaterialId: second = "" } = await bring(kms, KeyId, SECOND, {
      ...NEW,
      KeyMaterialDescription: "of 2026",
    });
    expect(await materials(kms, KeyId)).toEqual([
      {
        ...{ KeyId, KeyMaterialId: materialId, KeyMaterialState: "CURRENT", ImportState: "IMPORTED" },
        ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
      },
      {
        ...{ KeyId, KeyMaterialId: second, KeyMaterialState: "PENDING_ROTATION", ImportState: "IMPORTED" },
        ...{ ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE", KeyMaterialDescription: "of 2026" },
      },
    ]);
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(materialId);
    clock.now += DAY;
    await kms.rotateKeyOnDemand({ KeyId });
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(second);
    expect((await kms.listKeyRotations({ KeyId })).Rotations).toMatchObject([
      {
        ...{ KeyMaterialId: second, KeyMaterialState: "CURRENT", RotationType: "ON_DEMAND" },
        RotationDate: new Date(clock.now),
      },
    ]);
    expect((await kms.decrypt({ CiphertextBlob: old })).Plaintext).toEqual(TEXT);
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test("needs all of the material that ever was current for the key to be usable", async () => {
    const { kms, KeyId, materialId } = await importedKey();
    const { KeyMaterialId: second } = await bring(kms, KeyId, SECOND, NEW);
    await kms.rotateKeyOnDemand({ KeyId });
    await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: materialId });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
    expect(await materials(kms, KeyId)).toMatchObject([
      { KeyMaterialState: "NON_CURRENT", ImportState: "PENDING_IMPORT" },
      { KeyMaterialState: "CURRENT", ImportState: "IMPORTED" },
    ]);
    await kms.deleteImportedKeyMaterial({ KeyId });
    await bring(kms, KeyId, FIRST);
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
    expect((await bring(kms, KeyId, SECOND)).KeyMaterialId).toBe(second);
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
  });

  test("has one material waiting, which can be deleted for another", async () => {
    const { kms, KeyId } = await importedKey();
    const { KeyMaterialId } = await bring(kms, KeyId, SECOND, NEW);
    await expect(bring(kms, KeyId, THIRD, NEW)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    expect(await stateOf(kms, KeyId)).toBe("Enabled");
    expect(await materials(kms, KeyId)).toHaveLength(1);
    await bring(kms, KeyId, THIRD, NEW);
    await kms.rotateKeyOnDemand({ KeyId });
    expect(await materials(kms, KeyId)).toHaveLength(2);
  });

  test("tells the earliest expiry of what the key needs, and pages through its materials", async () => {
    const { kms, KeyId, clock } = await importedKey();
    const soon = new Date(clock.now + DAY);
    await bring(kms, KeyId, SECOND, { ImportType: "NEW_KEY_MATERIAL", ValidTo: soon });
    expect((await kms.describeKey({ KeyId })).KeyMetadata).not.toHaveProperty("ValidTo");
    await kms.rotateKeyOnDemand({ KeyId });
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.ValidTo).toEqual(soon);
    const all = { KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL", Limit: 1 } as const;
    const first = await kms.listKeyRotations(all);
    expect(first).toMatchObject({ Truncated: true, Rotations: [{ KeyMaterialState: "NON_CURRENT" }] });
    const second = await kms.listKeyRotations({ ...all, Marker: first.NextMarker });
    expect(second).toMatchObject({
      Truncated: false,
      Rotations: [{ KeyMaterialState: "CURRENT", ValidTo: soon }],
    });
  });
});

describe("related keys with imported material", () => {
  test("are each without it until it is imported there, and then decrypt for each other", async () => {
    const { kms, KeyId, in: region, contents, materialId } = await importedKey({ MultiRegion: true });
    const europe = region(EUROPE);
    await kms.replicateKey({ KeyId, ReplicaRegion: EUROPE });
    expect(await stateOf(europe, KeyId)).toBe("PendingImport");
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    await expect(europe.decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
    await expect(bring(europe, KeyId, SECOND)).rejects.toMatchObject({
      name: "IncorrectKeyMaterialException",
    });
    await bring(europe, KeyId, FIRST);
    expect((await europe.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
    await kms.deleteImportedKeyMaterial({ KeyId });
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
    expect((await europe.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
    await europe.deleteImportedKeyMaterial({ KeyId });
    expect((await contents()).filter((line) => line.includes(`/${materialId} `))).toEqual([]);
  });

  test("rotate together, once new material is in all of them", async () => {
    const { kms, KeyId, in: region } = await importedKey({ MultiRegion: true });
    const europe = region(EUROPE);
    await kms.replicateKey({ KeyId, ReplicaRegion: EUROPE });
    await bring(europe, KeyId, FIRST);
    await expect(bring(europe, KeyId, SECOND, NEW)).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
    const { KeyMaterialId } = await bring(kms, KeyId, SECOND, NEW);
    const waiting = { KeyMaterialId, KeyMaterialState: "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" };
    expect((await materials(kms, KeyId))[1]).toMatchObject({ ...waiting, ImportState: "IMPORTED" });
    expect((await materials(europe, KeyId))[1]).toMatchObject({ ...waiting, ImportState: "PENDING_IMPORT" });
    await expect(kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
      message: expect.stringContaining(EUROPE),
    });
    await bring(europe, KeyId, SECOND, EXISTING);
    for (const kmsThere of [kms, europe])
      expect((await materials(kmsThere, KeyId))[1]?.KeyMaterialState).toBe("PENDING_ROTATION");
    expect(await stateOf(europe, KeyId)).toBe("Enabled");
    await kms.rotateKeyOnDemand({ KeyId });
    for (const [from, to] of [
      [kms, europe],
      [europe, kms],
    ] as const) {
      expect((await from.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId).toBe(KeyMaterialId);
      const { CiphertextBlob } = await from.encrypt({ KeyId, Plaintext: TEXT });
      expect((await to.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
    }
  });

  test("lose waiting material together when it is deleted from the primary key", async () => {
    const { kms, KeyId, in: region, contents } = await importedKey({ MultiRegion: true });
    const europe = region(EUROPE);
    await kms.replicateKey({ KeyId, ReplicaRegion: EUROPE });
    await bring(europe, KeyId, FIRST);
    const { KeyMaterialId } = await bring(kms, KeyId, SECOND, NEW);
    await bring(europe, KeyId, SECOND);
    await europe.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    expect(await materials(kms, KeyId)).toHaveLength(2);
    expect(await stateOf(europe, KeyId)).toBe("Enabled");
    await kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    expect(await materials(europe, KeyId)).toHaveLength(1);
    expect((await contents()).filter((line) => line.includes(`/${KeyMaterialId} `))).toEqual([]);
  });

  test("expire each at its own time, and leave nothing when they are deleted", async () => {
    const { kms, KeyId, in: region, clock, contents } = await externalKey({ MultiRegion: true });
    await bring(kms, KeyId, FIRST, { ValidTo: new Date(clock.now + DAY) });
    await kms.replicateKey({ KeyId, ReplicaRegion: EUROPE });
    const europe = region(EUROPE);
    await bring(europe, KeyId, FIRST, { ValidTo: new Date(clock.now + 20 * DAY) });
    clock.now += 2 * DAY;
    expect([await stateOf(kms, KeyId), await stateOf(europe, KeyId)]).toEqual(["PendingImport", "Enabled"]);
    await europe.encrypt({ KeyId, Plaintext: TEXT });
    await europe.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * DAY;
    expect(await stateOf(kms, KeyId)).toBe("PendingImport");
    expect((await contents()).filter((line) => line.startsWith(`backing/${HOME}/${KeyId}/`))).toEqual([]);
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 30 * DAY;
    await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: "NotFoundException" });
    expect((await contents()).filter((line) => line.includes(KeyId))).toEqual([]);
  });
});

test("a key is enabled with all of its material only, and the store keeps what is imported somewhere, whatever is done", async () => {
  const step = fc.record({
    at: fc.constantFrom(HOME, EUROPE),
    action: fc.constantFrom("import", "import", "import", "delete", "rotate", "replicate", "wait", "primary"),
    byte: fc.integer({ min: 1, max: 3 }),
    ImportType: fc.constantFrom("NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL", undefined),
    expires: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { kms, KeyId, in: region, clock, contents, service } = await externalKey({ MultiRegion: true });
      const parameters = new Map<string, Awaited<ReturnType<KmsMethods["getParametersForImport"]>>>();
      const ids = new Map<number, string>();
      for (const { at, action, byte, ImportType, expires } of steps) {
        const here = region(at);
        const act = async () => {
          switch (action) {
            case "import": {
              const request = {
                KeyId,
                WrappingAlgorithm: "RSAES_OAEP_SHA_256",
                WrappingKeySpec: "RSA_2048",
              } as const;
              const given = parameters.get(at) ?? (await here.getParametersForImport(request));
              parameters.set(at, given);
              const EncryptedKeyMaterial = wrap(
                given.PublicKey ?? new Uint8Array(),
                new Uint8Array(32).fill(byte),
                "RSAES_OAEP_SHA_256",
              );
              const expiry = expires ? { ValidTo: new Date(clock.now + 2 * HOUR) } : FOREVER;
              const { ImportToken } = given;
              const answer = await here.importKeyMaterial({
                KeyId,
                ImportToken,
                EncryptedKeyMaterial,
                ImportType,
                ...expiry,
              });
              ids.set(byte, answer.KeyMaterialId ?? "");
              return;
            }
            case "delete":
              return here.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: ids.get(byte) });
            case "rotate":
              return here.rotateKeyOnDemand({ KeyId });
            case "replicate":
              return here.replicateKey({ KeyId, ReplicaRegion: at === HOME ? EUROPE : HOME });
            case "primary":
              return here.updatePrimaryRegion({ KeyId, PrimaryRegion: at === HOME ? EUROPE : HOME });
            default:
              clock.now += HOUR;
          }
        };
        await act().catch((error: { name: string }) => expect(error.name).not.toBe("KMSInternalException"));
        await service.runDueWork();
        const imported = new Set<string | undefined>();
        const shared: unknown[] = [];
        for (const name of [HOME, EUROPE]) {
          const there = region(name);
          const state = await stateOf(there, KeyId).catch(() => undefined);
          if (state === undefined) continue;
          const all = await materials(there, KeyId);
          const permanent = all.filter(
            ({ KeyMaterialState: its }) => its === "CURRENT" || its === "NON_CURRENT",
          );
          const complete =
            permanent.length > 0 && permanent.every(({ ImportState }) => ImportState === "IMPORTED");
          expect(state).toBe(complete ? "Enabled" : "PendingImport");
          if (complete) {
            const { CiphertextBlob } = await there.encrypt({ KeyId, Plaintext: TEXT });
            expect((await there.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
          }
          for (const { KeyMaterialId, ImportState } of all)
            if (ImportState === "IMPORTED") imported.add(KeyMaterialId);
          shared.push(all.map(({ KeyMaterialId, KeyMaterialState }) => [KeyMaterialId, KeyMaterialState]));
        }
        for (const one of shared) expect(one).toEqual(shared[0]);
        const tokens = (await contents()).flatMap(
          (line) => /^backing\/\S+\/([0-9a-f]{64}) /.exec(line)?.[1] ?? [],
        );
        expect(tokens.sort()).toEqual([...imported].sort());
      }
      await kms.describeKey({ KeyId });
      await service.close();
    }),
    { numRuns: 15 },
  );
});
