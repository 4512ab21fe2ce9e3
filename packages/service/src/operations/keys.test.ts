/** Making, describing, changing, disabling and deleting keys. */
import { describe, expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const DAY = 86_400_000;

describe("CreateKey", () => {
  test("makes an enabled symmetric key with AWS's defaults", async () => {
    const { kms, clock } = await open();
    const { KeyMetadata } = await kms.createKey({});
    expect(KeyMetadata).toMatchObject({
      AWSAccountId: "111122223333",
      Arn: `arn:aws:kms:us-east-1:111122223333:key/${KeyMetadata?.KeyId}`,
      CreationDate: new Date(clock.now),
      Enabled: true,
      Description: "",
      KeyUsage: "ENCRYPT_DECRYPT",
      KeyState: "Enabled",
      Origin: "AWS_KMS",
      KeyManager: "CUSTOMER",
      KeySpec: "SYMMETRIC_DEFAULT",
      CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
      EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      MultiRegion: false,
    });
    expect(KeyMetadata?.KeyId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(KeyMetadata?.CurrentKeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
  });

  test("keeps description and tags", async () => {
    const { kms } = await open();
    const { KeyMetadata } = await kms.createKey({
      Description: "orders",
      Tags: [
        { TagKey: "team", TagValue: "b" },
        { TagKey: "env", TagValue: "" },
      ],
    });
    expect(KeyMetadata?.Description).toBe("orders");
    const { Tags } = await kms.listResourceTags({ KeyId: KeyMetadata?.KeyId });
    expect(Tags).toEqual([
      { TagKey: "env", TagValue: "" },
      { TagKey: "team", TagValue: "b" },
    ]);
  });

  test.each([
    [{ Description: "x".repeat(8193) }, "ValidationException"],
    [{ KeySpec: "AES_512" }, "ValidationException"],
    [{ KeySpec: "SYMMETRIC_DEFAULT", CustomerMasterKeySpec: "SYMMETRIC_DEFAULT" }, "ValidationException"],
    [{ KeyUsage: "SIGN_VERIFY" }, "ValidationException"],
    [{ Policy: "not JSON" }, "MalformedPolicyDocumentException"],
    [
      {
        Tags: [
          { TagKey: "a", TagValue: "" },
          { TagKey: "a", TagValue: "" },
        ],
      },
      "TagException",
    ],
    [{ Tags: [{ TagKey: "AWS:a", TagValue: "" }] }, "TagException"],
    [{ Tags: [{ TagKey: "a" }] }, "ValidationException"],
  ])("refuses %j, and makes nothing", async (request, name) => {
    const { kms, contents } = await open();
    const before = await contents();
    await expect(kms.createKey(request as never)).rejects.toMatchObject({ name });
    expect(await contents()).toEqual(before);
  });
});

describe("UpdateKeyDescription", () => {
  test("replaces the description, also by none", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    await kms.updateKeyDescription({ KeyId, Description: "one" });
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.Description).toBe("one");
    await kms.updateKeyDescription({ KeyId, Description: "" });
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.Description).toBe("");
  });
});

describe("DescribeKey", () => {
  test("takes a key id, a key ARN, an alias and an alias ARN", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    await kms.createAlias({ AliasName: "alias/a/b_c-d", TargetKeyId: KeyId });
    const place = "arn:aws:kms:us-east-1:111122223333";
    for (const name of [KeyId, `${place}:key/${KeyId}`, "alias/a/b_c-d", `${place}:alias/a/b_c-d`]) {
      expect((await kms.describeKey({ KeyId: name })).KeyMetadata?.KeyId).toBe(KeyId);
    }
  });

  test("says why an id is refused", async () => {
    const { kms } = await open();
    const refused = (KeyId: string) => expect(kms.describeKey({ KeyId })).rejects;
    await refused("").toMatchObject({ name: "ValidationException" });
    await refused("x".repeat(2049)).toMatchObject({ name: "ValidationException" });
    await refused("1234").toMatchObject({ name: "NotFoundException", message: "Invalid keyId '1234'" });
    await refused("alias/none").toMatchObject({
      name: "NotFoundException",
      message: "Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found.",
    });
  });
});

describe("a disabled key", () => {
  test("refuses every use and change of material with DisabledException, and works again when enabled", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const Plaintext = Uint8Array.of(1);
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
    await kms.disableKey({ KeyId });
    const uses = [
      kms.encrypt({ KeyId, Plaintext }),
      kms.decrypt({ CiphertextBlob }),
      kms.generateDataKey({ KeyId, KeySpec: "AES_256" }),
      kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: "AES_256" }),
      kms.reEncrypt({ CiphertextBlob, DestinationKeyId: await key() }),
      kms.rotateKeyOnDemand({ KeyId }),
      kms.enableKeyRotation({ KeyId }),
    ];
    await Promise.all(uses.map((use) => expect(use).rejects.toMatchObject({ name: "DisabledException" })));
    await kms.disableKey({ KeyId });
    await kms.enableKey({ KeyId });
    await kms.enableKey({ KeyId });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
  });
});

describe("deletion", () => {
  test("is scheduled for 7 to 30 days, 30 unless said", async () => {
    const { kms, key, clock } = await open();
    for (const [PendingWindowInDays, days] of [
      [7, 7],
      [30, 30],
      [undefined, 30],
    ] as const) {
      const KeyId = await key();
      expect(await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays })).toMatchObject({
        DeletionDate: new Date(clock.now + days * DAY),
        KeyState: "PendingDeletion",
        PendingWindowInDays: days,
      });
    }
    const KeyId = await key();
    for (const PendingWindowInDays of [0, 6, 31, 366]) {
      await expect(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays })).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe("Enabled");
  });

  test("ends every use at once; called off, it leaves the key disabled", async () => {
    const { kms, key, clock } = await open();
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(1) });
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    const pending = { name: "KMSInvalidStateException" };
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject(pending);
    await expect(kms.enableKey({ KeyId })).rejects.toMatchObject(pending);
    await expect(kms.scheduleKeyDeletion({ KeyId })).rejects.toMatchObject(pending);
    await expect(kms.tagResource({ KeyId, Tags: [] })).rejects.toMatchObject(pending);
    clock.now += 7 * DAY - 1;
    await kms.cancelKeyDeletion({ KeyId });
    await expect(kms.cancelKeyDeletion({ KeyId })).rejects.toMatchObject(pending);
    clock.now += 30 * DAY;
    expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({
      KeyState: "Disabled",
      Enabled: false,
    });
    await kms.enableKey({ KeyId });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Uint8Array.of(1));
  });

  test("makes the key unknown at the end of its days, and its blobs refer to nothing", async () => {
    const { kms, key, clock } = await open();
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(1) });
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 7 * DAY;
    await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: "NotFoundException" });
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect((await kms.listKeys({})).Keys).toEqual([]);
  });
});
