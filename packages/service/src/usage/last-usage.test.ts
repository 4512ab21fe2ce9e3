/** GetKeyLastUsage: what counts as a use, and when it is written. */
import { memoryStore, type Store } from "@kmslite/store";
import { describe, expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const PLAINTEXT = new Uint8Array(3);

/** A memory store that counts its commits, and fails them when told to. */
function countingStore(): Store & { commits: number; failing: boolean } {
  const store = memoryStore();
  const counting = {
    commits: 0,
    failing: false,
    get: store.get.bind(store),
    list: store.list.bind(store),
    close: store.close.bind(store),
    commit: async (commit: Parameters<Store["commit"]>[0]) => {
      if (counting.failing) throw new Error("the medium is broken");
      counting.commits += 1;
      return store.commit(commit);
    },
  };
  return counting;
}

describe("the last usage of a key", () => {
  test("is empty before the first use, then the newest that succeeded", async () => {
    const { kms, key, clock } = await open();
    const created = new Date(clock.now);
    const [KeyId, other] = [await key(), await key()];
    const dates = { KeyId, KeyCreationDate: created, TrackingStartDate: created };
    expect(await kms.getKeyLastUsage({ KeyId })).toMatchObject({ ...dates, KeyLastUsage: {} });
    clock.now += 1000;
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    const at = new Date(clock.now);
    clock.now += 1000;
    await kms.describeKey({ KeyId });
    await expect(kms.encrypt({ KeyId, Plaintext: PLAINTEXT, DryRun: true })).rejects.toThrow();
    await expect(kms.decrypt({ CiphertextBlob, EncryptionContext: { a: "b" } })).rejects.toThrow();
    await kms.generateRandom({ NumberOfBytes: 1 });
    expect((await kms.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual({
      Operation: "Encrypt",
      Timestamp: at,
    });
    await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: other });
    const last = { Operation: "ReEncrypt", Timestamp: new Date(clock.now) };
    expect((await kms.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual(last);
    expect((await kms.getKeyLastUsage({ KeyId: other })).KeyLastUsage).toEqual(last);
  });

  test("writes nothing while the key is used, and once within a minute", async () => {
    const store = countingStore();
    const { kms, key, clock, service } = await open({ store });
    const KeyId = await key();
    const before = store.commits;
    for (let index = 0; index < 100; index++) await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    expect(store.commits).toBe(before);
    clock.now += 60_000;
    await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await service.runDueWork();
    expect(store.commits).toBe(before + 1);
  });

  test("is seen by another process once it is written, and after a restart", async () => {
    const store = memoryStore();
    const one = await open({ store });
    const KeyId = await one.key();
    const other = await open({ store });
    await one.kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    expect((await other.kms.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual({});
    await one.service.close();
    expect((await other.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe("Encrypt");
  });

  test("never goes back: an older note of another process does not replace a newer one", async () => {
    const store = memoryStore();
    const [one, other] = [await open({ store }), await open({ store })];
    const KeyId = await one.key();
    await one.kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    other.clock.now += 5000;
    await other.kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    await other.service.close();
    await one.service.close();
    const { KeyLastUsage } = await (await open({ store })).kms.getKeyLastUsage({ KeyId });
    expect(KeyLastUsage?.Operation).toBe("GenerateDataKey");
  });

  test("stays noted when it can't be written, and is told to whoever listens", async () => {
    const store = countingStore();
    const failures: unknown[] = [];
    const { kms, key, service } = await open({ store, onDueWorkFailure: (error) => failures.push(error) });
    const KeyId = await key();
    await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    store.failing = true;
    await service.runDueWork();
    expect(failures).toHaveLength(1);
    expect((await kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe("Encrypt");
    store.failing = false;
    await service.close();
    const again = await open({ store });
    expect((await again.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe("Encrypt");
  });

  test("of many keys is written in few commits", async () => {
    const store = countingStore();
    const { kms, key, service } = await open({ store });
    const keys = await Promise.all(Array.from({ length: 100 }, () => key()));
    for (const KeyId of keys) await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    const before = store.commits;
    await service.runDueWork();
    expect(store.commits - before).toBe(4);
    const again = await open({ store });
    for (const KeyId of keys) {
      expect((await again.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe("Encrypt");
    }
  });

  test("goes with the key", async () => {
    const { kms, key, clock, service, contents } = await open();
    const KeyId = await key();
    await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await service.runDueWork();
    await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.now += 7 * 86_400_000;
    await service.runDueWork();
    expect((await contents()).filter((line) => line.includes(KeyId))).toEqual([]);
  });
});
