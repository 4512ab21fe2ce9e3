/** Request quotas, and the quota of keys. */
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import type { KeyRecord } from "../database/records.ts";
import { kmsMethods } from "../index.ts";
import { loadOperations, operationName } from "../operations/find.ts";
import { awsRequestQuotas } from "./aws-request-quotas.ts";
import { RequestThrottle } from "./request-quotas.ts";

const PLAINTEXT = new Uint8Array(3);
const throttled = {
  name: "ThrottlingException",
  message: "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
  $metadata: { httpStatusCode: 400 },
};

/** How many of `count` calls are let through. */
async function passed(count: number, call: () => Promise<unknown>): Promise<number> {
  let through = 0;
  for (let index = 0; index < count; index++) {
    try {
      await call();
      through += 1;
    } catch (error) {
      expect(error).toMatchObject(throttled);
    }
  }
  return through;
}

describe("request quotas", () => {
  test("let through what a second grants, and then as time passes", async () => {
    const { kms, clock } = await open({ requestQuotas: "aws" });
    const create = () => kms.createKey({});
    expect(await passed(8, create)).toBe(5);
    clock.now += 400;
    expect(await passed(8, create)).toBe(2);
    clock.now += 60_000;
    expect(await passed(8, create)).toBe(5);
  });

  test("are each for themselves, for each account and each Region", async () => {
    const { kms, service } = await open({ requestQuotas: { CreateKey: 1, ListKeys: 2 } });
    expect(await passed(3, () => kms.createKey({}))).toBe(1);
    expect(await passed(3, () => kms.listKeys({}))).toBe(2);
    expect(await passed(3, () => kms.listAliases({}))).toBe(3);
    const stranger = { accountId: "444455556666", principal: "arn:aws:iam::444455556666:root" };
    for (const other of [stranger, { region: "eu-west-1" }]) {
      const elsewhere = kmsMethods(service, { ...CALLER, ...other });
      expect(await passed(3, () => elsewhere.createKey({}))).toBe(1);
    }
  });

  test("are shared by the cryptographic operations on keys of one kind", async () => {
    const { kms, key, clock } = await open({
      requestQuotas: { "Cryptographic operations (symmetric)": 6 },
    });
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await kms.decrypt({ CiphertextBlob, KeyId });
    await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: KeyId });
    await kms.generateRandom({ NumberOfBytes: 1 });
    await kms.describeKey({ KeyId });
    expect(await passed(3, () => kms.encrypt({ KeyId, Plaintext: PLAINTEXT }))).toBe(1);
    clock.now += 1000;
    expect(await passed(9, () => kms.decrypt({ CiphertextBlob }))).toBe(6);
  });

  test("are for each custom key store besides, where new material costs three", () => {
    const throttle = new RequestThrottle(
      () => ({ "Custom key store": 5 }),
      () => 0,
    );
    const key = (customKeyStoreId: string) =>
      ({ keySpec: "SYMMETRIC_DEFAULT", customKeyStoreId }) as unknown as KeyRecord;
    throttle.payForKey("GenerateDataKey", key("cks-1"), CALLER);
    throttle.payForKey("Encrypt", key("cks-1"), CALLER);
    throttle.payForKey("Decrypt", key("cks-1"), CALLER);
    throttle.payForKey("GenerateDataKey", key("cks-2"), CALLER);
    expect(() => throttle.payForKey("Decrypt", key("cks-1"), CALLER)).toThrow(
      expect.objectContaining({ name: "ThrottlingException" }),
    );
  });

  test("of less than one in a second let one through in so many seconds", async () => {
    const { kms, clock } = await open({ requestQuotas: { ListKeys: 0.5 } });
    const list = () => kms.listKeys({});
    expect(await passed(2, list)).toBe(1);
    clock.now += 1999;
    expect(await passed(2, list)).toBe(0);
    clock.now += 1;
    expect(await passed(2, list)).toBe(1);
  });

  test("don't count where there are none, and don't count a clock that goes back", async () => {
    const off = await open();
    expect(await passed(20, () => off.kms.listKeys({}))).toBe(20);
    const { kms, clock } = await open({ requestQuotas: { ListKeys: 2 } });
    expect(await passed(2, () => kms.listKeys({}))).toBe(2);
    clock.now -= 10_000;
    expect(await passed(2, () => kms.listKeys({}))).toBe(0);
  });

  test("of AWS name every operation that is not cryptographic, and differ by Region", async () => {
    const quotas = awsRequestQuotas("us-east-1");
    const cryptographic =
      /^(?:De|En)capsulate$|^(?:De|En)crypt$|^DeriveSharedSecret$|^Generate|^ReEncrypt$|^Sign$|^Verify/;
    const names = (await loadOperations()).map(({ name }) => operationName(name));
    expect(names.filter((name) => !cryptographic.test(name) && quotas[name] === undefined)).toEqual([]);
    const symmetric = (region: string) => awsRequestQuotas(region)["Cryptographic operations (symmetric)"];
    expect(["us-east-1", "eu-west-2", "sa-east-1"].map(symmetric)).toEqual([100_000, 20_000, 10_000]);
    expect(awsRequestQuotas("cn-north-1")["GenerateDataKeyPair (RSA_4096)"]).toBe(0.1);
  });
});

describe("the quota of keys", () => {
  test("is for customer managed keys of an account in a Region, and is counted anew after a minute", async () => {
    const { kms, clock, service } = await open({ limits: { keysPerRegion: 3 } });
    const create = () => kms.createKey({});
    const first = await create();
    await create();
    await create();
    const refusal = {
      name: "LimitExceededException",
      message: expect.stringMatching(/ is 3, current usage is 3\.$/),
    };
    await expect(create()).rejects.toMatchObject(refusal);
    await kmsMethods(service, { ...CALLER, region: "eu-west-1" }).createKey({});
    await kms.scheduleKeyDeletion({ KeyId: first.KeyMetadata?.KeyId, PendingWindowInDays: 7 });
    clock.now += 8 * 86_400_000;
    await create();
    await expect(create()).rejects.toMatchObject(refusal);
  });

  test("room that was taken for a key is given back if the key is not made", async () => {
    const { kms } = await open({ limits: { keysPerRegion: 2 }, keyStores: {} });
    await kms.createKey({});
    const missing = { Origin: "AWS_CLOUDHSM", CustomKeyStoreId: "cks-00000000000000000" } as const;
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(kms.createKey(missing)).rejects.toMatchObject({
        name: "CustomKeyStoreNotFoundException",
      });
    }
    await kms.createKey({});
    await expect(kms.createKey({})).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});
