/** Multi-Region keys: replicas, what they share and what they don't, a change of the primary key, and their deletion. */
import { memoryStore } from "@kmslite/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { type KmsMethods, kmsMethods } from "../index.ts";
import { MAXIMUM_REPLICAS } from "../shared-properties.ts";

const DAY = 86_400_000;
const HOME = CALLER.region;
const EUROPE = "eu-west-1";
const ASIA = "ap-southeast-2";
const TEXT = new TextEncoder().encode("attack at dawn");

/** The methods in each Region of one service. */
async function openRegions(options: Parameters<typeof open>[0] = {}) {
  const opened = await open(options);
  return { ...opened, in: (region: string) => inRegion(opened, region) };
}

function inRegion({ service }: Opened, region: string): KmsMethods {
  return kmsMethods(service, { ...CALLER, region });
}

/** A multi-Region key with replicas. */
async function replicated(...regions: string[]) {
  const opened = await openRegions();
  const { KeyMetadata } = await opened.kms.createKey({ MultiRegion: true });
  const KeyId = KeyMetadata?.KeyId ?? "";
  for (const ReplicaRegion of regions) await opened.kms.replicateKey({ KeyId, ReplicaRegion });
  return { ...opened, KeyId };
}

const arnIn = (region: string, keyId: string) => `arn:aws:kms:${region}:${CALLER.accountId}:key/${keyId}`;

describe("ReplicateKey", () => {
  test("makes a key with the same id and material, and everything else its own", async () => {
    const { kms, KeyId, in: region, clock } = await replicated();
    await kms.tagResource({ KeyId, Tags: [{ TagKey: "a", TagValue: "home" }] });
    clock.now += DAY;
    const answer = await kms.replicateKey({
      KeyId: arnIn(HOME, KeyId),
      ReplicaRegion: EUROPE,
      Description: "in Europe",
      Tags: [{ TagKey: "b", TagValue: "europe" }],
    });
    const arn = arnIn(EUROPE, KeyId);
    const { KeyMetadata: primary } = await kms.describeKey({ KeyId });
    const configuration = {
      PrimaryKey: { Arn: arnIn(HOME, KeyId), Region: HOME },
      ReplicaKeys: [{ Arn: arn, Region: EUROPE }],
    };
    expect(answer.ReplicaKeyMetadata).toMatchObject({
      ...{
        KeyId,
        Arn: arn,
        Description: "in Europe",
        KeyState: "Creating",
        Enabled: false,
        Origin: "AWS_KMS",
      },
      CreationDate: new Date(clock.now),
      CurrentKeyMaterialId: primary?.CurrentKeyMaterialId,
      MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA", ...configuration },
    });
    expect(JSON.parse(answer.ReplicaPolicy ?? "")).toMatchObject({ Id: "key-default-1" });
    expect(answer.ReplicaTags).toEqual([{ TagKey: "b", TagValue: "europe" }]);
    const { KeyMetadata: replica } = await region(EUROPE).describeKey({ KeyId });
    expect(replica).toEqual({ ...answer.ReplicaKeyMetadata, KeyState: "Enabled", Enabled: true });
    expect(primary?.MultiRegionConfiguration).toEqual({ MultiRegionKeyType: "PRIMARY", ...configuration });
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: "a", TagValue: "home" }]);
    expect((await region(EUROPE).listKeys({})).Keys).toEqual([{ KeyId, KeyArn: arn }]);
  });

  test("takes the permission to tag where the replica is made", async () => {
    const { service, KeyId } = await replicated();
    const request = { KeyId, ReplicaRegion: EUROPE, Tags: [{ TagKey: "a", TagValue: "b" }] };
    const tagging = (region: string, context: object) => ({
      ...CALLER,
      principal: `arn:aws:iam::${CALLER.accountId}:user/ana`,
      identity: {
        policies: [
          JSON.stringify({
            Statement: [
              { Effect: "Allow", Action: ["kms:ReplicateKey", "kms:CreateKey"], Resource: "*" },
              {
                Effect: "Allow",
                Action: "kms:TagResource",
                Resource: arnIn(region, "*"),
                Condition: { StringEquals: context },
              },
            ],
          }),
        ],
      },
    });
    for (const caller of [
      tagging(HOME, {}),
      tagging("*", { "aws:RequestedRegion": HOME }),
      tagging(EUROPE, { "aws:ResourceTag/a": "b" }),
    ]) {
      await expect(service.call("ReplicateKey", request, caller)).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining("kms:TagResource"),
      });
    }
    const caller = tagging(EUROPE, { "aws:RequestedRegion": EUROPE, "aws:RequestTag/a": "b" });
    expect(await service.call("ReplicateKey", request, caller)).toMatchObject({ ReplicaTags: request.Tags });
  });

  test("gives keys that decrypt what the others encrypted", async () => {
    const { KeyId, in: region } = await replicated(EUROPE, ASIA);
    for (const from of [HOME, EUROPE, ASIA]) {
      const { CiphertextBlob } = await region(from).encrypt({ KeyId, Plaintext: TEXT });
      for (const to of [HOME, EUROPE, ASIA]) {
        const opened = await region(to).decrypt({ CiphertextBlob });
        expect(opened).toMatchObject({ KeyId: arnIn(to, KeyId), Plaintext: TEXT });
      }
    }
  });

  test("keeps aliases, state and description of each key apart", async () => {
    const { KeyId, in: region } = await replicated(EUROPE);
    await region(EUROPE).createAlias({ AliasName: "alias/orders", TargetKeyId: KeyId });
    await expect(region(HOME).describeKey({ KeyId: "alias/orders" })).rejects.toMatchObject({
      name: "NotFoundException",
    });
    await region(EUROPE).disableKey({ KeyId });
    await region(HOME).updateKeyDescription({ KeyId, Description: "home" });
    const [home, europe] = await Promise.all(
      [HOME, EUROPE].map(async (name) => (await region(name).describeKey({ KeyId })).KeyMetadata),
    );
    expect(home).toMatchObject({ KeyState: "Enabled", Description: "home" });
    expect(europe).toMatchObject({ KeyState: "Disabled", Description: "" });
  });

  test.each([
    [{ ReplicaRegion: EUROPE }, "AlreadyExistsException"],
    [{ ReplicaRegion: HOME }, "AlreadyExistsException"],
    [{ ReplicaRegion: "cn-north-1" }, "UnsupportedOperationException"],
    [{ ReplicaRegion: ASIA, Policy: "{}" }, "MalformedPolicyDocumentException"],
    [{ ReplicaRegion: ASIA, Tags: [{ TagKey: "aws:a", TagValue: "" }] }, "TagException"],
    [{ ReplicaRegion: "asia" }, "ValidationException"],
    [{ ReplicaRegion: `${"a-".repeat(16)}1` }, "ValidationException"],
    [{ ReplicaRegion: "" }, "ValidationException"],
    [{ ReplicaRegion: ASIA, Description: "x".repeat(8193) }, "ValidationException"],
    [{}, "ValidationException"],
  ])("refuses %j with %s", async (input, name) => {
    const { kms, KeyId, contents } = await replicated(EUROPE);
    const before = await contents();
    await expect(kms.replicateKey({ KeyId, ReplicaRegion: undefined, ...input })).rejects.toMatchObject({
      name,
    });
    expect(await contents()).toEqual(before);
  });

  test("refuses what is no multi-Region primary key, or is not enabled", async () => {
    const { kms, KeyId, in: region, key } = await replicated(EUROPE);
    const ReplicaRegion = ASIA;
    const refusal = (keyId: string, in_ = kms) =>
      expect(in_.replicateKey({ KeyId: keyId, ReplicaRegion })).rejects;
    await refusal(await key()).toMatchObject({ name: "UnsupportedOperationException" });
    await refusal(KeyId, region(EUROPE)).toMatchObject({ name: "UnsupportedOperationException" });
    await refusal(arnIn(EUROPE, KeyId)).toMatchObject({ name: "NotFoundException" });
    await refusal("mrk-0").toMatchObject({ name: "NotFoundException" });
    await refusal("arn:aws:kms").toMatchObject({ name: "InvalidArnException" });
    await kms.disableKey({ KeyId });
    await refusal(KeyId).toMatchObject({ name: "DisabledException" });
    await kms.scheduleKeyDeletion({ KeyId });
    await refusal(KeyId).toMatchObject({ name: "KMSInvalidStateException" });
  });

  test("takes the served Regions only, if it is told which", async () => {
    const { kms } = await open({ regions: [HOME, EUROPE] });
    const { KeyMetadata } = await kms.createKey({ MultiRegion: true });
    const KeyId = KeyMetadata?.KeyId;
    await kms.replicateKey({ KeyId, ReplicaRegion: EUROPE });
    await expect(kms.replicateKey({ KeyId, ReplicaRegion: ASIA })).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  });

  test(`makes ${MAXIMUM_REPLICAS} replicas that rotate and change their primary key in one commit each`, async () => {
    const { kms, KeyId, in: region, clock } = await replicated();
    const regions = Array.from({ length: MAXIMUM_REPLICAS }, (_, index) => `xx-north-${index + 1}`);
    for (const ReplicaRegion of regions) await kms.replicateKey({ KeyId, ReplicaRegion });
    await expect(kms.replicateKey({ KeyId, ReplicaRegion: "xx-north-100" })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    await kms.enableKeyRotation({ KeyId });
    await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: "xx-north-64" });
    clock.now += 366 * DAY;
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    for (const name of [HOME, ...regions]) {
      const described = await region(name).describeKey({ KeyId });
      expect(described.KeyMetadata?.CurrentKeyMaterialId).toBe(KeyMetadata?.CurrentKeyMaterialId);
    }
    expect((await kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * DAY;
    await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: "NotFoundException" });
  });
});

describe("a single-Region key", () => {
  test("is not there in another Region, and the refusal says why", async () => {
    const { kms, key, in: region } = await replicated();
    const keyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId: keyId, Plaintext: TEXT });
    await expect(region(EUROPE).describeKey({ KeyId: arnIn(HOME, keyId) })).rejects.toMatchObject({
      name: "NotFoundException",
      message: expect.stringMatching(/^Invalid arn us-east-1: .* eu-west-1/),
    });
    await expect(region(EUROPE).describeKey({ KeyId: keyId })).rejects.toMatchObject({
      name: "NotFoundException",
      message: `Key '${arnIn(EUROPE, keyId)}' does not exist`,
    });
    await expect(region(EUROPE).decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("does not exist in this region"),
    });
  });
});

describe("rotation of related keys", () => {
  test("is the primary key's, and reaches every replica at once", async () => {
    const { kms, KeyId, in: region, clock, service } = await replicated(EUROPE, ASIA);
    const { CiphertextBlob: old } = await region(EUROPE).encrypt({ KeyId, Plaintext: TEXT });
    await kms.rotateKeyOnDemand({ KeyId });
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    clock.now += 91 * DAY;
    await service.runDueWork();
    const statuses = await Promise.all(
      [HOME, EUROPE, ASIA].map(async (name) => {
        const { KeyMetadata } = await region(name).describeKey({ KeyId });
        const { $metadata: _, ...status } = await region(name).getKeyRotationStatus({ KeyId });
        const { Rotations } = await region(name).listKeyRotations({ KeyId });
        return { material: KeyMetadata?.CurrentKeyMaterialId, status, Rotations };
      }),
    );
    expect(statuses[1]).toEqual(statuses[0]);
    expect(statuses[2]).toEqual(statuses[0]);
    expect(statuses[0]?.status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    expect(statuses[0]?.Rotations?.map((rotation) => rotation.RotationType)).toEqual([
      "ON_DEMAND",
      "AUTOMATIC",
    ]);
    expect((await region(ASIA).decrypt({ CiphertextBlob: old })).Plaintext).toEqual(TEXT);
    await kms.disableKeyRotation({ KeyId });
    expect((await region(ASIA).getKeyRotationStatus({ KeyId })).KeyRotationEnabled).toBe(false);
  });

  test.each(["enableKeyRotation", "disableKeyRotation", "rotateKeyOnDemand"] as const)(
    "is refused to a replica: %s",
    async (method) => {
      const { KeyId, in: region } = await replicated(EUROPE);
      await expect(region(EUROPE)[method]({ KeyId })).rejects.toMatchObject({
        name: "UnsupportedOperationException",
        message: expect.stringContaining(HOME),
      });
    },
  );

  test("that fell due while the primary key was disabled happens when that is enabled, not a replica", async () => {
    const { kms, KeyId, in: region, clock } = await replicated(EUROPE);
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await kms.disableKey({ KeyId });
    await region(EUROPE).disableKey({ KeyId });
    clock.now += 91 * DAY;
    await region(EUROPE).enableKey({ KeyId });
    clock.now += 1000;
    expect((await region(EUROPE).listKeyRotations({ KeyId })).Rotations).toEqual([]);
    await kms.enableKey({ KeyId });
    clock.now += 1000;
    expect((await region(EUROPE).listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
  });

  test("meets changes of a replica without losing either", async () => {
    const { kms, KeyId, in: region } = await replicated(EUROPE);
    await Promise.all([
      kms.rotateKeyOnDemand({ KeyId }),
      region(EUROPE).updateKeyDescription({ KeyId, Description: "b" }),
      kms.enableKeyRotation({ KeyId }),
      kms.replicateKey({ KeyId, ReplicaRegion: ASIA }),
      region(EUROPE).disableKey({ KeyId }),
    ]);
    const home = await kms.describeKey({ KeyId });
    const europe = await region(EUROPE).describeKey({ KeyId });
    const asia = await region(ASIA).describeKey({ KeyId });
    expect(europe.KeyMetadata).toMatchObject({
      ...{ Description: "b", KeyState: "Disabled" },
      CurrentKeyMaterialId: home.KeyMetadata?.CurrentKeyMaterialId,
    });
    expect(asia.KeyMetadata?.CurrentKeyMaterialId).toBe(home.KeyMetadata?.CurrentKeyMaterialId);
    for (const name of [HOME, EUROPE, ASIA])
      expect((await region(name).getKeyRotationStatus({ KeyId })).KeyRotationEnabled).toBe(true);
  });
});

describe("UpdatePrimaryRegion", () => {
  test("makes the replica the primary key, and moves rotation to it", async () => {
    const { kms, KeyId, in: region, clock } = await replicated(EUROPE, ASIA);
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: EUROPE });
    for (const name of [HOME, EUROPE, ASIA]) {
      const { KeyMetadata } = await region(name).describeKey({ KeyId });
      expect(KeyMetadata?.MultiRegionConfiguration).toMatchObject({
        MultiRegionKeyType: name === EUROPE ? "PRIMARY" : "REPLICA",
        PrimaryKey: { Region: EUROPE },
        ReplicaKeys: [{ Region: ASIA }, { Region: HOME }],
      });
      expect(KeyMetadata?.KeyState).toBe("Enabled");
    }
    clock.now += 91 * DAY;
    expect((await region(ASIA).listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    await expect(kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
    await region(EUROPE).rotateKeyOnDemand({ KeyId });
    const { CiphertextBlob } = await region(ASIA).encrypt({ KeyId, Plaintext: TEXT });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test("lets the former primary key be deleted, and the others live on", async () => {
    const { kms, KeyId, in: region, clock } = await replicated(EUROPE);
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: TEXT });
    await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: EUROPE });
    expect(await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 })).toMatchObject({
      KeyState: "PendingDeletion",
    });
    clock.now += 8 * DAY;
    const europe = region(EUROPE);
    expect((await europe.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
    await europe.rotateKeyOnDemand({ KeyId });
    const { KeyMetadata } = await europe.describeKey({ KeyId });
    expect(KeyMetadata?.MultiRegionConfiguration).toMatchObject({
      MultiRegionKeyType: "PRIMARY",
      ReplicaKeys: [],
    });
    await europe.replicateKey({ KeyId, ReplicaRegion: HOME });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
  });

  test("refuses what is no primary key, no replica, or not enabled", async () => {
    const { kms, KeyId, in: region, key } = await replicated(EUROPE);
    const refusal = (keyId: string, PrimaryRegion: string, in_ = kms) =>
      expect(in_.updatePrimaryRegion({ KeyId: keyId, PrimaryRegion })).rejects;
    await refusal(await key(), EUROPE).toMatchObject({ name: "UnsupportedOperationException" });
    await refusal(KeyId, HOME, region(EUROPE)).toMatchObject({ name: "UnsupportedOperationException" });
    await refusal(KeyId, ASIA).toMatchObject({ name: "NotFoundException" });
    await refusal(KeyId, HOME).toMatchObject({ name: "NotFoundException" });
    await refusal(KeyId, "europe").toMatchObject({ name: "ValidationException" });
    await refusal("arn:aws:kms", EUROPE).toMatchObject({ name: "InvalidArnException" });
    await region(EUROPE).disableKey({ KeyId });
    await refusal(KeyId, EUROPE).toMatchObject({ name: "DisabledException" });
    await region(EUROPE).scheduleKeyDeletion({ KeyId });
    await refusal(KeyId, EUROPE).toMatchObject({ name: "KMSInvalidStateException" });
    await kms.disableKey({ KeyId });
    await refusal(KeyId, EUROPE).toMatchObject({ name: "DisabledException" });
  });
});

describe("deletion of related keys", () => {
  test("of a primary key waits until the last replica is gone, and then for its own period", async () => {
    const { kms, KeyId, in: region, clock, contents } = await replicated(EUROPE, ASIA);
    expect(await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 9 })).toMatchObject({
      ...{ KeyId: arnIn(HOME, KeyId), KeyState: "PendingReplicaDeletion", PendingWindowInDays: 9 },
    });
    const waiting = (await kms.describeKey({ KeyId })).KeyMetadata;
    expect(waiting).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingDeletionWindowInDays: 9 });
    expect(waiting).not.toHaveProperty("DeletionDate");
    await expect(kms.encrypt({ KeyId, Plaintext: TEXT })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
      message: `${arnIn(HOME, KeyId)} is pending replica deletion.`,
    });
    await region(EUROPE).scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * DAY;
    expect((await kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe("PendingReplicaDeletion");
    const { CiphertextBlob } = await region(ASIA).encrypt({ KeyId, Plaintext: TEXT });
    expect((await region(ASIA).decrypt({ CiphertextBlob })).Plaintext).toEqual(TEXT);
    await region(ASIA).scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * DAY;
    const pending = (await kms.describeKey({ KeyId })).KeyMetadata;
    expect(pending).toMatchObject({
      ...{ KeyState: "PendingDeletion", DeletionDate: new Date(clock.now + 9 * DAY) },
      MultiRegionConfiguration: { ReplicaKeys: [] },
    });
    expect(pending).not.toHaveProperty("PendingDeletionWindowInDays");
    clock.now += 10 * DAY;
    await expect(kms.describeKey({ KeyId })).rejects.toMatchObject({ name: "NotFoundException" });
    expect((await contents()).filter((line) => line.includes(KeyId))).toEqual([]);
  });

  test("of a primary key can be called off while it waits", async () => {
    const { kms, KeyId, in: region, clock } = await replicated(EUROPE);
    await kms.scheduleKeyDeletion({ KeyId });
    await kms.cancelKeyDeletion({ KeyId });
    await region(EUROPE).scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * DAY;
    const { KeyMetadata } = await kms.describeKey({ KeyId });
    expect(KeyMetadata).toMatchObject({
      KeyState: "Disabled",
      MultiRegionConfiguration: { ReplicaKeys: [] },
    });
    expect(KeyMetadata).not.toHaveProperty("PendingDeletionWindowInDays");
  });
});

test("related keys agree on what they share, whatever is done to them in whatever order", async () => {
  const REGIONS = [HOME, EUROPE, ASIA];
  const step = fc.record({
    at: fc.constantFrom(...REGIONS),
    to: fc.constantFrom(...REGIONS),
    method: fc.constantFrom(
      ...(["replicateKey", "updatePrimaryRegion", "rotateKeyOnDemand", "enableKeyRotation"] as const),
      ...(["disableKey", "enableKey", "scheduleKeyDeletion", "cancelKeyDeletion", "wait"] as const),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { kms, in: region, clock, service } = await openRegions({ store: memoryStore() });
      const KeyId = (await kms.createKey({ MultiRegion: true })).KeyMetadata?.KeyId;
      for (const { at, to, method } of steps) {
        if (method === "wait") clock.now += 31 * DAY;
        else {
          const request = { KeyId, ReplicaRegion: to, PrimaryRegion: to };
          await region(at)
            [method](request)
            .catch((error: { name: string }) => expect(error.name).not.toBe("KMSInternalException"));
        }
        const shared = await Promise.all(
          REGIONS.map(async (name) => {
            const described = await region(name)
              .describeKey({ KeyId })
              .catch(() => undefined);
            const key = described?.KeyMetadata;
            if (key === undefined) return [];
            const { MultiRegionKeyType, ...configuration } = key.MultiRegionConfiguration ?? {};
            const isPrimary = configuration.PrimaryKey?.Region === name;
            expect(MultiRegionKeyType).toBe(isPrimary ? "PRIMARY" : "REPLICA");
            return [{ material: key.CurrentKeyMaterialId, configuration, name }];
          }),
        );
        const keys = shared.flat();
        for (const { material, configuration } of keys) {
          expect({ material, configuration }).toEqual({
            material: keys[0]?.material,
            configuration: keys[0]?.configuration,
          });
        }
        const [first] = keys;
        const listed = [first?.configuration.PrimaryKey, ...(first?.configuration.ReplicaKeys ?? [])];
        if (first !== undefined)
          expect(listed.map((key) => key?.Region).sort()).toEqual(keys.map(({ name }) => name).sort());
      }
      await service.close();
    }),
    { numRuns: 40 },
  );
});
