import { describe, expect, test } from "vitest";
import {
  createKms,
  ephemeralRootKey,
  HierarchyError,
  IntegrityError,
  KmsError,
  memoryStore,
  type Store,
  StoreError,
} from "./index.ts";

const plaintext = new TextEncoder().encode("attack at dawn");

describe("createKms", () => {
  test("takes a secret of 32 bytes, and opens its store again with the same one", async () => {
    const store = memoryStore();
    const root = new Uint8Array(32).fill(7);
    const first = await createKms({ root, store: unclosed(store) });
    const { KeyMetadata } = await first.createKey({});
    const { CiphertextBlob } = await first.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: plaintext });
    await first.close();
    const second = await createKms({ root, store });
    expect((await second.decrypt({ CiphertextBlob })).Plaintext).toEqual(plaintext);
    await second.close();
  });

  test.each([0, 16, 31, 33, 64])("refuses a secret of %i bytes, and says what it wants", async (length) => {
    const opening = createKms({ root: new Uint8Array(length), store: memoryStore() });
    await expect(opening).rejects.toThrow(
      new RangeError(`Root key secret: expected 32 bytes, got ${length}`),
    );
  });

  test.each([
    { region: "here" },
    { region: "us-east-1/../x" },
    { account: "12345678901" },
    { account: "12345678901a" },
  ])("refuses %o", async (options) => {
    const opening = createKms({ root: ephemeralRootKey(), store: memoryStore(), ...options });
    await expect(opening).rejects.toThrow(RangeError);
  });

  test("refuses a store of another root key, and leaves the store to the caller", async () => {
    const store = memoryStore();
    await (await createKms({ root: ephemeralRootKey(), store: unclosed(store) })).close();
    const opening = createKms({ root: ephemeralRootKey(), store });
    await expect(opening).rejects.toMatchObject({ code: "WrongRootKey" });
    await expect(opening).rejects.toBeInstanceOf(HierarchyError);
    expect(await store.get("keyring")).toBeDefined();
  });

  test("places its keys in the Region and account that it was given", async () => {
    const place = { region: "cn-north-1", account: "123456789012" };
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), ...place });
    const { KeyMetadata } = await kms.createKey();
    expect(KeyMetadata?.Arn).toMatch(/^arn:aws-cn:kms:cn-north-1:123456789012:key\//);
    expect(kms).toMatchObject(place);
    await kms.close();
  });
});

describe("an open KMS", () => {
  test("throws AWS's errors", async () => {
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
    const refused = kms.describeKey({ KeyId: "alias/none" });
    await expect(refused).rejects.toBeInstanceOf(KmsError);
    await expect(refused).rejects.toMatchObject({ name: "NotFoundException", $fault: "client" });
    await kms.close();
  });

  test("rotates its domain key and still decrypts", async () => {
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
    const { KeyMetadata } = await kms.createKey({});
    const { CiphertextBlob } = await kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: plaintext });
    await kms.rotateDomainKey();
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(plaintext);
    await kms.close();
  });

  test("does what is due by the clock that it was given", async () => {
    let now = Date.UTC(2026, 0, 1);
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), clock: () => now });
    const { KeyMetadata } = await kms.createKey({});
    await kms.scheduleKeyDeletion({ KeyId: KeyMetadata?.KeyId, PendingWindowInDays: 7 });
    now += 8 * 86_400_000;
    await kms.runDueWork();
    expect((await kms.listKeys()).Keys).toEqual([]);
    await kms.close();
  });

  test("closes store and root key with it, once", async () => {
    const store = memoryStore();
    let closedRoots = 0;
    const root = { ...ephemeralRootKey(), close: () => closedRoots++ };
    const kms = await createKms({ root, store });
    await Promise.all([kms.close(), kms.close()]);
    expect(closedRoots).toBe(1);
    await expect(store.get("keyring")).rejects.toBeInstanceOf(StoreError);
    await expect(kms.listKeys()).rejects.toMatchObject({ name: "KMSInternalException" });
  });

  test("names the record that was tampered with", async () => {
    const store = memoryStore();
    const root = new Uint8Array(32).fill(7);
    await (await createKms({ root, store: unclosed(store) })).close();
    const keyring = await store.get("keyring");
    if (keyring === undefined) throw new Error("no keyring");
    const value = keyring.value.slice();
    value[1] = (value[1] ?? 0) ^ 1;
    await store.commit({ checks: [], sets: [{ ...keyring, value }], deletes: [] });
    const opening = createKms({ root, store });
    await expect(opening).rejects.toBeInstanceOf(IntegrityError);
    await expect(opening).rejects.toMatchObject({ record: "keyring" });
  });

  test("serves Fetch, and only whoever signs", async () => {
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
    const seen: (string | undefined)[] = [];
    const handler = kms.fetchHandler({
      accessKeys: [{ accessKeyId: "id", secretAccessKey: "secret" }],
      onExchange: ({ error }) => seen.push(error),
    });
    const unsigned = new Request("http://localhost/", { method: "POST", body: "{}" });
    expect((await handler(unsigned)).status).toBe(400);
    expect(seen).toEqual(["MissingAuthenticationTokenException"]);
    await kms.close();
  });

  test("stands in for the network in the official SDK", async () => {
    const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
    const { response } = await kms.requestHandler().handle({
      headers: { "x-amz-target": "TrentService.ListKeys" },
      body: "{}",
    });
    expect(response.statusCode).toBe(200);
    await kms.close();
  });
});

/** A store that outlives the KMS over it. */
function unclosed(store: Store): Store {
  return {
    get: (key) => store.get(key),
    list: (range) => store.list(range),
    commit: (commit) => store.commit(commit),
    close: async () => {},
  };
}
