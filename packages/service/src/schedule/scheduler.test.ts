/** Rotations and deletions on an injected clock: at their time, once, and also when no process ran then. */
import { platformCryptography, secretRootKey } from "@kmslite/hierarchy";
import { type Commit, memoryStore, type Store, StoreError } from "@kmslite/store";
import { beforeEach, describe, expect, test } from "vitest";
import { Database } from "../database/database.ts";
import { type Caller, KmsError, Service, type ServiceOptions } from "../index.ts";
import { DAY } from "./due-work.ts";

const CALLER: Caller = {
  accountId: "111122223333",
  region: "us-east-1",
  principal: "arn:aws:iam::111122223333:root",
};
const START = Date.UTC(2026, 0, 1);
const SECRET = new Uint8Array(32).fill(7);

let store: Store;
let now: number;
/** Decides the fate of each commit: `false` lets it meet a change by somebody else, an error is the medium's. */
let fate: (commit: Commit) => Error | false | undefined;
let commits: Commit[];

beforeEach(() => {
  const medium = memoryStore();
  now = START;
  fate = () => undefined;
  commits = [];
  store = {
    get: (key) => medium.get(key),
    list: (range) => medium.list(range),
    commit: async (commit) => {
      const outcome = fate(commit);
      if (outcome instanceof Error) throw outcome;
      if (outcome === false) return false;
      commits.push(commit);
      return medium.commit(commit);
    },
    close: async () => {},
  };
});

function open(options: Partial<ServiceOptions> = {}): Promise<Service> {
  return Service.open({ rootKey: secretRootKey(SECRET), store, clock: () => now, keyCacheMs: 0, ...options });
}

async function call<T>(service: Service, operation: string, input: object): Promise<T> {
  return (await service.call(operation, input, CALLER)) as T;
}

async function createKey(service: Service): Promise<string> {
  return (await call<{ KeyMetadata: { KeyId: string } }>(service, "CreateKey", {})).KeyMetadata.KeyId;
}

async function rotationsOf(service: Service, KeyId: string): Promise<number> {
  return (await call<{ Rotations: unknown[] }>(service, "ListKeyRotations", { KeyId })).Rotations.length;
}

async function keysUnder(prefix: string): Promise<string[]> {
  const records = await store.list({ start: `${prefix}!`, end: `${prefix}~`, limit: 1000 });
  return records.map(({ key }) => key);
}

async function domainKeyVersions(): Promise<number[]> {
  const cryptography = await platformCryptography();
  const database = await Database.open(store, secretRootKey(SECRET), cryptography, now);
  const versions = database.keyring.domainKeys.map(({ version }) => version);
  database.close();
  return versions;
}

describe("automatic rotation", () => {
  test("happens on its day, then again a period later", async () => {
    const service = await open();
    const KeyId = await createKey(service);
    await call(service, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
    now = START + 90 * DAY - 1;
    expect(await rotationsOf(service, KeyId)).toBe(0);
    now = START + 90 * DAY;
    expect(await rotationsOf(service, KeyId)).toBe(1);
    now = START + 180 * DAY;
    expect(await rotationsOf(service, KeyId)).toBe(2);
    await service.close();
  });

  test("that was missed several times while no process ran happens once, and the schedule is kept", async () => {
    const first = await open();
    const KeyId = await createKey(first);
    await call(first, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 100 });
    await first.close();
    now = START + 350 * DAY;
    const second = await open();
    expect(await rotationsOf(second, KeyId)).toBe(1);
    const status = await call<{ NextRotationDate: Date }>(second, "GetKeyRotationStatus", { KeyId });
    expect(status.NextRotationDate.getTime()).toBe(START + 400 * DAY);
    await second.close();
  });

  test("is seen by two processes and happens once", async () => {
    const [one, other] = [await open(), await open()];
    const KeyId = await createKey(one);
    await call(one, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
    now = START + 91 * DAY;
    await Promise.all([one.runDueWork(), other.runDueWork(), one.runDueWork(), other.runDueWork()]);
    expect(await rotationsOf(one, KeyId)).toBe(1);
    expect(await rotationsOf(other, KeyId)).toBe(1);
    await one.close();
    await other.close();
  });

  test("of a disabled key waits until it is enabled", async () => {
    const service = await open();
    const KeyId = await createKey(service);
    await call(service, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
    await call(service, "DisableKey", { KeyId });
    now = START + 200 * DAY;
    await service.runDueWork();
    expect(await rotationsOf(service, KeyId)).toBe(0);
    await call(service, "EnableKey", { KeyId });
    await service.runDueWork();
    expect(await rotationsOf(service, KeyId)).toBe(1);
    await service.close();
  });

  test("of many keys at once leaves none out", async () => {
    const service = await open();
    const keyIds: string[] = [];
    for (let count = 0; count < 120; count++) {
      const KeyId = await createKey(service);
      await call(service, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
      keyIds.push(KeyId);
    }
    now = START + 90 * DAY;
    await service.runDueWork();
    for (const KeyId of keyIds) expect(await rotationsOf(service, KeyId)).toBe(1);
    await service.close();
  });
});

describe("deletion", () => {
  test("removes everything of the key at the end of its waiting period, while no process ran", async () => {
    const first = await open();
    const KeyId = await createKey(first);
    const kept = await createKey(first);
    await call(first, "CreateAlias", { AliasName: "alias/doomed", TargetKeyId: KeyId });
    await call(first, "RotateKeyOnDemand", { KeyId });
    await call(first, "ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
    await first.close();
    now = START + 7 * DAY;
    const second = await open();
    for (const table of ["account-key/", "alias/", "backing/", "due/", "key/", "key-alias/", "material/"]) {
      expect((await keysUnder(table)).filter((key) => key.includes(KeyId) || key.includes("doomed"))).toEqual(
        [],
      );
    }
    expect(await call(second, "DescribeKey", { KeyId: kept })).toMatchObject({
      KeyMetadata: { KeyState: "Enabled" },
    });
    await second.close();
  });

  test("that is not done yet still ends every use of the key", async () => {
    const failures: unknown[] = [];
    const service = await open({ onDueWorkFailure: (error) => failures.push(error) });
    const KeyId = await createKey(service);
    await call(service, "ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
    now = START + 7 * DAY;
    fate = () => new StoreError("Unavailable", "the disk is full");
    await expect(call(service, "CancelKeyDeletion", { KeyId })).rejects.toMatchObject({
      name: "NotFoundException",
    });
    expect(failures).toHaveLength(1);
    await service.close();
  });
  test("that was interrupted at any commit is called off in whole, by a call that came in time, or not at all", async () => {
    // A process whose calls came before the time, and are slow.
    const early = await open({ clock: () => START });
    const ends: string[] = [];
    for (let step = 0, left = -1; left < 0; step++) {
      now = START;
      const KeyId = await createKey(early);
      const plaintext = { Plaintext: Uint8Array.of(1, 2, 3) };
      const { CiphertextBlob } = await call<{ CiphertextBlob: Uint8Array }>(early, "Encrypt", {
        KeyId,
        ...plaintext,
      });
      await call(early, "ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
      now = START + 8 * DAY;
      left = step;
      fate = () => (left-- > 0 ? undefined : new StoreError("Unavailable", "the process was killed"));
      await (await open({ onDueWorkFailure: () => {} })).close().catch(() => {});
      fate = () => undefined;
      if (left >= 0) break;
      const end = await call(early, "CancelKeyDeletion", { KeyId }).then(
        () => "called off",
        (error: KmsError) => error.name,
      );
      ends.push(end);
      // What was begun is finished.
      await (await open()).close();
      if (end !== "called off") continue;
      await call(early, "EnableKey", { KeyId });
      const fresh = await open({ clock: () => START });
      expect(await call(fresh, "Decrypt", { CiphertextBlob })).toMatchObject(plaintext);
      await fresh.close();
    }
    // Nothing was done yet; from then on nobody finds the key.
    expect(ends[0]).toBe("called off");
    expect(ends.length).toBeGreaterThan(2);
    expect(new Set(ends.slice(1))).toEqual(new Set(["NotFoundException"]));
    // The material of the one that was called off, and the list's own head.
    expect(await keysUnder("backing/")).toHaveLength(2);
    await early.close();
  });
});

describe("work that fails", () => {
  test("holds up neither calls nor other work, is told once for each attempt, and is tried less and less often", async () => {
    const failures: unknown[] = [];
    const service = await open({ onDueWorkFailure: (error) => failures.push(error) });
    const [damaged, sound] = [await createKey(service), await createKey(service)];
    for (const KeyId of [damaged, sound])
      await call(service, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
    now = START + 90 * DAY;
    fate = ({ sets }) =>
      sets.some(({ key }) => key.startsWith(`material/us-east-1/${damaged}`))
        ? new StoreError("Unavailable", "a bad sector")
        : undefined;
    for (let second = 0; second < 100; second++) {
      expect(await rotationsOf(service, sound)).toBe(1);
      now += 1000;
    }
    // After 0, 1, 3, 7, 15, 31 and 63 seconds.
    expect(failures).toHaveLength(7);
    fate = () => undefined;
    now += 3_600_000;
    expect(await rotationsOf(service, damaged)).toBe(1);
    expect(failures).toHaveLength(7);
    await service.close();
  });

  test("for a change by somebody else is tried again without spinning", async () => {
    const service = await open();
    const KeyId = await createKey(service);
    await call(service, "EnableKeyRotation", { KeyId, RotationPeriodInDays: 90 });
    now = START + 90 * DAY;
    let refusals = 0;
    fate = ({ deletes }) => {
      if (!deletes.some((key) => key.startsWith("due/"))) return undefined;
      refusals++;
      return false;
    };
    await service.runDueWork();
    await service.runDueWork();
    expect(refusals).toBe(1);
    fate = () => undefined;
    now += 1000;
    await service.runDueWork();
    expect(await rotationsOf(service, KeyId)).toBe(1);
    await service.close();
  });
});

describe("the domain key", () => {
  test("is replaced every 30 days from the first one on, and every blob still decrypts", async () => {
    const service = await open();
    const KeyId = await createKey(service);
    const { CiphertextBlob } = await call<{ CiphertextBlob: Uint8Array }>(service, "Encrypt", {
      KeyId,
      Plaintext: Uint8Array.of(1, 2, 3),
    });
    now = START + 30 * DAY - 1;
    await service.runDueWork();
    expect(await domainKeyVersions()).toEqual([1]);
    now = START + 30 * DAY;
    await service.runDueWork();
    expect(await domainKeyVersions()).toEqual([2]);
    now = START + 60 * DAY;
    await service.runDueWork();
    expect(await domainKeyVersions()).toEqual([3]);
    await service.close();
    const later = await open();
    expect(await call(later, "Decrypt", { CiphertextBlob })).toMatchObject({
      Plaintext: Uint8Array.of(1, 2, 3),
    });
    await later.close();
  });

  test("is replaced once by two processes, and once though it was missed for years", async () => {
    const [one, other] = [await open(), await open()];
    now = START + 1000 * DAY;
    await Promise.all([one.runDueWork(), other.runDueWork()]);
    expect(await domainKeyVersions()).toEqual([2]);
    await one.close();
    await other.close();
  });

  test("whose replacement was interrupted at any commit is finished at the next start", async () => {
    const first = await open();
    const keyIds: string[] = [];
    for (let count = 0; count < 60; count++) keyIds.push(await createKey(first));
    const before = commits.length;
    await first.rotateDomainKey();
    // The new key, two pages of tokens, and the retired key's end.
    const steps = commits.length - before;
    expect(steps).toBe(4);
    for (let step = 1; step < steps; step++) {
      const [retired = 0] = await domainKeyVersions();
      let left = step;
      fate = () => (left-- > 0 ? undefined : new StoreError("Unavailable", "the process was killed"));
      await expect(first.rotateDomainKey()).rejects.toThrow();
      fate = () => undefined;
      expect(await domainKeyVersions()).toEqual([retired, retired + 1]);
      await (await open()).close();
      expect(await domainKeyVersions()).toEqual([retired + 1]);
    }
    await first.close();
    const last = await open();
    for (const KeyId of keyIds) {
      const { CiphertextBlob } = await call<{ CiphertextBlob: Uint8Array }>(last, "Encrypt", {
        KeyId,
        Plaintext: Uint8Array.of(1),
      });
      expect(await call(last, "Decrypt", { CiphertextBlob })).toMatchObject({
        KeyMaterialId: expect.any(String),
      });
    }
    await last.close();
  });

  test("that another process replaced is found by one that never looked", async () => {
    const [one, other] = [await open(), await open()];
    const KeyId = await createKey(one);
    await other.rotateDomainKey();
    expect(await call(one, "RotateKeyOnDemand", { KeyId })).toMatchObject({ KeyId: expect.any(String) });
    await expect(call(one, "DescribeKey", { KeyId: "none" })).rejects.toBeInstanceOf(KmsError);
    await one.close();
    await other.close();
  });
});
