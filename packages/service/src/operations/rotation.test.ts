/** Rotation of key material, automatic settings and on demand. */
import { expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const DAY = 86_400_000;

test("on-demand rotation makes new material current and keeps every older one", async () => {
  const { kms, key, clock } = await open();
  const KeyId = await key();
  const blobs: (Uint8Array | undefined)[] = [];
  const materials = new Set<string | undefined>();
  for (let version = 0; version < 5; version++) {
    blobs.push((await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(version) })).CiphertextBlob);
    materials.add((await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId);
    clock.now += 1000;
    await kms.rotateKeyOnDemand({ KeyId });
  }
  for (const [version, CiphertextBlob] of blobs.entries()) {
    const { Plaintext, KeyMaterialId } = await kms.decrypt({ CiphertextBlob });
    expect(Plaintext).toEqual(Uint8Array.of(version));
    expect(KeyMaterialId).toBe([...materials][version]);
  }
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
  expect(Rotations).toHaveLength(5);
  expect(Rotations[0]).toMatchObject({ RotationType: "ON_DEMAND", RotationDate: new Date(clock.now - 4000) });
  const all = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" });
  expect(all.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
    ...Array(5).fill("NON_CURRENT"),
    "CURRENT",
  ]);
  expect(all.Rotations?.[0]).not.toHaveProperty("RotationDate");
});

test("a key is rotated on demand 25 times at most", async () => {
  const { kms, key, contents } = await open();
  const KeyId = await key();
  for (let count = 0; count < 25; count++) await kms.rotateKeyOnDemand({ KeyId });
  const before = await contents();
  await expect(kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: "LimitExceededException" });
  expect(await contents()).toEqual(before);
});

test("the limit is the operator's: 1,000 rotations, and the first blob still decrypts", async () => {
  const { kms, key } = await open({ limits: { onDemandRotationsPerKey: 1000 } });
  const KeyId = await key();
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Uint8Array.of(9) });
  for (let count = 0; count < 1000; count++) await kms.rotateKeyOnDemand({ KeyId });
  expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Uint8Array.of(9));
  let rotations = 0;
  let Marker: string | undefined;
  do {
    const page = await kms.listKeyRotations({ KeyId, Limit: 300, Marker });
    rotations += page.Rotations?.length ?? 0;
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(rotations).toBe(1000);
});

test("automatic rotation is off at first, every 365 days unless said, and 90 to 2,560 days", async () => {
  const { kms, key, clock } = await open();
  const KeyId = await key();
  expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: false });
  await kms.enableKeyRotation({ KeyId });
  expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
    NextRotationDate: new Date(clock.now + 365 * DAY),
  });
  for (const RotationPeriodInDays of [90, 2560]) {
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays });
    expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({ RotationPeriodInDays });
  }
  for (const RotationPeriodInDays of [89, 2561, 0, -1]) {
    await expect(kms.enableKeyRotation({ KeyId, RotationPeriodInDays })).rejects.toMatchObject({
      name: "ValidationException",
    });
  }
  await kms.disableKeyRotation({ KeyId });
  await kms.disableKeyRotation({ KeyId });
  expect(await kms.getKeyRotationStatus({ KeyId })).not.toHaveProperty("RotationPeriodInDays");
});

test("rotations on demand and automatic ones stand in one list, in order", async () => {
  const { kms, key, clock } = await open();
  const KeyId = await key();
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
  await kms.rotateKeyOnDemand({ KeyId });
  clock.now += 90 * DAY;
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
  expect(Rotations.map(({ RotationType }) => RotationType)).toEqual(["ON_DEMAND", "AUTOMATIC"]);
});

test("rotations of one key at the same time all happen", async () => {
  const { kms, key } = await open();
  const KeyId = await key();
  await Promise.all(Array.from({ length: 10 }, () => kms.rotateKeyOnDemand({ KeyId })));
  expect((await kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(10);
});
