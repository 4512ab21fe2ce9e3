/** Custom key stores of type AWS_CLOUDHSM, from their making to their end, and everything that is refused on the way. */
import { beforeEach, describe, expect, test } from "vitest";
import { PASSWORD, type TestCluster, testCluster } from "../../test-support/hsm.ts";
import { type Opened, open } from "../../test-support/open.ts";
import type { CreateCustomKeyStoreRequest, HsmErrorCode } from "../index.ts";

const ANCHOR = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const [CLUSTER, RELATED, OTHER, OUTSIDE] = ["a", "b", "c", "d"].map((last) => `cluster-2a34567ghi${last}`);
const MESSAGE = new TextEncoder().encode("attack at dawn");

let opened: Opened;
let clusters: Map<string, TestCluster>;
let cluster: TestCluster;

beforeEach(async () => {
  cluster = testCluster(ANCHOR);
  clusters = new Map([
    [CLUSTER ?? "", cluster],
    [RELATED ?? "", testCluster(ANCHOR.replaceAll("\n", "\r\n"))],
    [OTHER ?? "", testCluster("another certificate")],
  ]);
  opened = await open({ keyStores: { hsmCluster: (id) => clusters.get(id) } });
});

const REQUEST: CreateCustomKeyStoreRequest = {
  CustomKeyStoreName: "hsm",
  CloudHsmClusterId: CLUSTER,
  TrustAnchorCertificate: ANCHOR,
  KeyStorePassword: PASSWORD,
};

async function created(changes: Partial<CreateCustomKeyStoreRequest> = {}): Promise<string> {
  const { CustomKeyStoreId } = await opened.kms.createCustomKeyStore({ ...REQUEST, ...changes });
  return CustomKeyStoreId ?? "";
}

async function connected(): Promise<string> {
  const CustomKeyStoreId = await created();
  await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
  return CustomKeyStoreId;
}

async function described(CustomKeyStoreId: string) {
  const { CustomKeyStores } = await opened.kms.describeCustomKeyStores({ CustomKeyStoreId });
  return CustomKeyStores?.[0];
}

async function keyIn(CustomKeyStoreId: string): Promise<string> {
  const { KeyMetadata } = await opened.kms.createKey({ CustomKeyStoreId, Origin: "AWS_CLOUDHSM" });
  return KeyMetadata?.KeyId ?? "";
}

const refusal = (name: string) => expect.objectContaining({ name, $fault: "client" });

describe("CreateCustomKeyStore", () => {
  test("makes a disconnected key store, of which its secret is never told nor kept in the clear", async () => {
    const id = await created();
    expect(id).toMatch(/^cks-[0-9a-f]{17}$/);
    expect(await described(id)).toEqual({
      CustomKeyStoreId: id,
      CustomKeyStoreName: "hsm",
      CustomKeyStoreType: "AWS_CLOUDHSM",
      ConnectionState: "DISCONNECTED",
      CreationDate: new Date(opened.clock.now),
      CloudHsmClusterId: CLUSTER,
      TrustAnchorCertificate: ANCHOR,
    });
    const bytes = new TextEncoder().encode(PASSWORD).join();
    const stored = await opened.contents();
    expect(stored.some((line) => line.includes("key-stores/"))).toBe(true);
    expect(stored.some((line) => line.includes(bytes))).toBe(false);
  });

  test.each<[string, Partial<CreateCustomKeyStoreRequest>]>([
    ["ValidationException", { KeyStorePassword: undefined }],
    ["ValidationException", { CloudHsmClusterId: undefined }],
    ["ValidationException", { TrustAnchorCertificate: undefined }],
    ["ValidationException", { XksProxyUriPath: "/kms/xks/v1" }],
    ["ValidationException", { CustomKeyStoreName: "" }],
    ["ValidationException", { CustomKeyStoreName: "n".repeat(257) }],
    ["ValidationException", { KeyStorePassword: "secret" }],
    ["ValidationException", { KeyStorePassword: "s".repeat(33) }],
    ["ValidationException", { CloudHsmClusterId: "cluster-2a34567ghi" }],
    ["ValidationException", { CloudHsmClusterId: `cluster-${"a".repeat(17)}` }],
    ["ValidationException", { TrustAnchorCertificate: "c".repeat(5001) }],
    ["CloudHsmClusterNotFoundException", { CloudHsmClusterId: OUTSIDE }],
    ["IncorrectTrustAnchorException", { TrustAnchorCertificate: "of nobody" }],
  ])("refuses with %s: %j", async (name, changes) => {
    await expect(opened.kms.createCustomKeyStore({ ...REQUEST, ...changes })).rejects.toEqual(refusal(name));
  });

  test("does not repeat a password that it refuses", async () => {
    const KeyStorePassword = "far too long a password for this";
    const request = opened.kms.createCustomKeyStore({ ...REQUEST, KeyStorePassword: `${KeyStorePassword}!` });
    await expect(request).rejects.toSatisfy((error: Error) => !error.message.includes("far too long"));
  });

  test("accepts what is just within the limits", async () => {
    cluster.check = async () => undefined;
    await created({ CustomKeyStoreName: "n".repeat(256), KeyStorePassword: "p".repeat(32) });
  });

  test.each<[HsmErrorCode, string]>([
    ["NotActive", "CloudHsmClusterNotActiveException"],
    ["Unavailable", "CloudHsmClusterNotActiveException"],
    ["InvalidConfiguration", "CloudHsmClusterInvalidConfigurationException"],
    ["NoActiveHsm", "CloudHsmClusterInvalidConfigurationException"],
  ])("refuses a cluster that is %s with %s", async (code, name) => {
    cluster.unfit = code;
    await expect(created()).rejects.toEqual(refusal(name));
  });

  test("lets a name, a cluster and its relatives be used once", async () => {
    await created();
    await expect(created()).rejects.toEqual(refusal("CustomKeyStoreNameInUseException"));
    for (const CloudHsmClusterId of [CLUSTER, RELATED]) {
      await expect(created({ CustomKeyStoreName: "2", CloudHsmClusterId })).rejects.toEqual(
        refusal("CloudHsmClusterInUseException"),
      );
    }
  });

  test("stops at the limit of the account", async () => {
    opened = await open({
      limits: { customKeyStores: 1 },
      keyStores: { hsmCluster: (id) => clusters.get(id) },
    });
    await created();
    const another = {
      CustomKeyStoreName: "2",
      CloudHsmClusterId: OTHER,
      TrustAnchorCertificate: "another certificate",
    };
    await expect(created(another)).rejects.toEqual(refusal("LimitExceededException"));
  });

  test("made by two at once under one name, succeeds once", async () => {
    const other = { CloudHsmClusterId: OTHER, TrustAnchorCertificate: "another certificate" };
    const results = await Promise.allSettled([created(), created(other)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("ConnectCustomKeyStore", () => {
  test("connects, and does nothing more when it is connected already", async () => {
    const id = await connected();
    expect(await described(id)).toMatchObject({ ConnectionState: "CONNECTED" });
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId: id });
    expect(cluster.sessions.size).toBe(1);
  });

  test.each<[HsmErrorCode, string]>([
    ["InvalidCredentials", "INVALID_CREDENTIALS"],
    ["UserLockedOut", "USER_LOCKED_OUT"],
    ["UserNotFound", "USER_NOT_FOUND"],
    ["UserLoggedIn", "USER_LOGGED_IN"],
    ["NoActiveHsm", "INSUFFICIENT_CLOUDHSM_HSMS"],
    ["Unavailable", "NETWORK_ERRORS"],
  ])("fails for %s with the code %s, and works after it was disconnected and mended", async (code, told) => {
    const CustomKeyStoreId = await created();
    cluster.closed = code;
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect(await described(CustomKeyStoreId)).toMatchObject({
      ConnectionState: "FAILED",
      ConnectionErrorCode: told,
    });
    cluster.closed = undefined;
    await expect(opened.kms.connectCustomKeyStore({ CustomKeyStoreId })).rejects.toEqual(
      refusal("CustomKeyStoreInvalidStateException"),
    );
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    const now = await described(CustomKeyStoreId);
    expect([now?.ConnectionState, now?.ConnectionErrorCode]).toEqual(["CONNECTED", undefined]);
  });

  test("tells a wrong password and a cluster that is gone by their codes", async () => {
    const wrong = await created({ KeyStorePassword: "not the one" });
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId: wrong });
    expect(await described(wrong)).toMatchObject({ ConnectionErrorCode: "INVALID_CREDENTIALS" });
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId: wrong });
    clusters.delete(CLUSTER ?? "");
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId: wrong });
    expect(await described(wrong)).toMatchObject({ ConnectionErrorCode: "CLUSTER_NOT_FOUND" });
  });

  test.each<[HsmErrorCode, string]>([
    ["NotActive", "CloudHsmClusterNotActiveException"],
    ["InvalidConfiguration", "CloudHsmClusterInvalidConfigurationException"],
  ])("is refused when the cluster is %s", async (code, name) => {
    const CustomKeyStoreId = await created();
    cluster.unfit = code;
    await expect(opened.kms.connectCustomKeyStore({ CustomKeyStoreId })).rejects.toEqual(refusal(name));
    expect(await described(CustomKeyStoreId)).toMatchObject({ ConnectionState: "DISCONNECTED" });
  });
});

describe("DisconnectCustomKeyStore, DeleteCustomKeyStore and all others", () => {
  test("want a key store that there is", async () => {
    const request = { CustomKeyStoreId: "cks-00000000000000000" };
    const { kms } = opened;
    for (const call of [
      () => kms.connectCustomKeyStore(request),
      () => kms.disconnectCustomKeyStore(request),
      () => kms.deleteCustomKeyStore(request),
      () => kms.describeCustomKeyStores(request),
      () => kms.describeCustomKeyStores({ CustomKeyStoreName: "none" }),
      () => kms.updateCustomKeyStore({ ...request, NewCustomKeyStoreName: "new" }),
      () => kms.createKey({ ...request, Origin: "AWS_CLOUDHSM" }),
      () => kms.generateRandom({ ...request, NumberOfBytes: 1 }),
    ]) {
      await expect(call()).rejects.toEqual(refusal("CustomKeyStoreNotFoundException"));
    }
  });

  test("disconnect ends the login, once", async () => {
    const CustomKeyStoreId = await connected();
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    expect(cluster.sessions.size).toBe(0);
    await expect(opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId })).rejects.toEqual(
      refusal("CustomKeyStoreInvalidStateException"),
    );
  });

  test("delete wants it disconnected and empty, and leaves nothing of it", async () => {
    const before = await opened.contents();
    const CustomKeyStoreId = await connected();
    await expect(opened.kms.deleteCustomKeyStore({ CustomKeyStoreId })).rejects.toEqual(
      refusal("CustomKeyStoreInvalidStateException"),
    );
    const KeyId = await keyIn(CustomKeyStoreId);
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await expect(opened.kms.deleteCustomKeyStore({ CustomKeyStoreId })).rejects.toEqual(
      refusal("CustomKeyStoreHasCMKsException"),
    );
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    await opened.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    opened.clock.now += 8 * 86_400_000;
    await opened.service.runDueWork();
    expect(cluster.keys.size).toBe(0);
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await opened.kms.deleteCustomKeyStore({ CustomKeyStoreId });
    expect((await opened.kms.describeCustomKeyStores()).CustomKeyStores).toEqual([]);
    const after = await opened.contents();
    const backing = (lines: readonly string[]) => lines.filter((line) => line.startsWith("backing/")).length;
    expect(backing(after)).toBe(backing(before));
  });

  test("the service closes its logins with itself", async () => {
    await connected();
    await opened.service.close();
    expect(cluster.sessions.size).toBe(0);
  });
});

describe("UpdateCustomKeyStore", () => {
  test("renames while connected, and changes password and cluster while disconnected", async () => {
    const CustomKeyStoreId = await created({ KeyStorePassword: "a wrong one" });
    await opened.kms.updateCustomKeyStore({ CustomKeyStoreId, KeyStorePassword: PASSWORD });
    await opened.kms.updateCustomKeyStore({ CustomKeyStoreId, CloudHsmClusterId: RELATED });
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    await opened.kms.updateCustomKeyStore({ CustomKeyStoreId, NewCustomKeyStoreName: "renamed" });
    expect(await described(CustomKeyStoreId)).toMatchObject({
      ConnectionState: "CONNECTED",
      CustomKeyStoreName: "renamed",
      CloudHsmClusterId: RELATED,
    });
    expect(clusters.get(RELATED ?? "")?.sessions.size).toBe(1);
  });

  test.each([
    ["CustomKeyStoreInvalidStateException", { KeyStorePassword: PASSWORD }],
    ["CustomKeyStoreInvalidStateException", { CloudHsmClusterId: RELATED }],
    ["ValidationException", { XksProxyUriEndpoint: "https://xks.example" }],
    ["ValidationException", {}],
  ])("refuses with %s while connected: %j", async (name, changes) => {
    const CustomKeyStoreId = await connected();
    const request = { CustomKeyStoreId, ...changes };
    await expect(opened.kms.updateCustomKeyStore(request)).rejects.toEqual(refusal(name));
  });

  test.each([
    ["CloudHsmClusterNotFoundException", OUTSIDE],
    ["CloudHsmClusterNotRelatedException", OTHER],
  ])("refuses with %s the cluster %s", async (name, CloudHsmClusterId) => {
    const CustomKeyStoreId = await created();
    const request = opened.kms.updateCustomKeyStore({ CustomKeyStoreId, CloudHsmClusterId });
    await expect(request).rejects.toEqual(refusal(name));
  });

  test("refuses a name that is in use, and any change of a key store that failed", async () => {
    const CustomKeyStoreId = await created();
    const other = { CloudHsmClusterId: OTHER, TrustAnchorCertificate: "another certificate" };
    await created({ CustomKeyStoreName: "2", ...other });
    const rename = (NewCustomKeyStoreName: string) =>
      opened.kms.updateCustomKeyStore({ CustomKeyStoreId, NewCustomKeyStoreName });
    await expect(rename("2")).rejects.toEqual(refusal("CustomKeyStoreNameInUseException"));
    cluster.closed = "Unavailable";
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    await expect(rename("3")).rejects.toEqual(refusal("CustomKeyStoreInvalidStateException"));
  });
});

describe("DescribeCustomKeyStores", () => {
  test("pages, finds one by its name, and refuses a marker of another list", async () => {
    const first = await created();
    const other = { CloudHsmClusterId: OTHER, TrustAnchorCertificate: "another certificate" };
    const second = await created({ CustomKeyStoreName: "2", ...other });
    const page = await opened.kms.describeCustomKeyStores({ Limit: 1 });
    const rest = await opened.kms.describeCustomKeyStores({ Limit: 1, Marker: page.NextMarker });
    const ids = [page, rest].flatMap(({ CustomKeyStores = [] }) =>
      CustomKeyStores.map((entry) => entry.CustomKeyStoreId),
    );
    expect(ids).toEqual([first, second].sort());
    expect([page.Truncated, rest.Truncated, rest.NextMarker]).toEqual([true, false, undefined]);
    const named = await opened.kms.describeCustomKeyStores({ CustomKeyStoreName: "2" });
    expect(named.CustomKeyStores?.[0]?.CustomKeyStoreId).toBe(second);
    await expect(opened.kms.describeCustomKeyStores({ Marker: "1AAAA" })).rejects.toEqual(
      refusal("InvalidMarkerException"),
    );
    const both = { CustomKeyStoreId: first, CustomKeyStoreName: "2" };
    await expect(opened.kms.describeCustomKeyStores(both)).rejects.toEqual(refusal("ValidationException"));
  });
});

describe("a KMS key in a CloudHSM key store", () => {
  test("encrypts in the cluster, says where it is, and is not rotated", async () => {
    const CustomKeyStoreId = await connected();
    const { KeyMetadata } = await opened.kms.createKey({ CustomKeyStoreId, Origin: "AWS_CLOUDHSM" });
    const KeyId = KeyMetadata?.KeyId ?? "";
    expect(KeyMetadata).toMatchObject({
      Origin: "AWS_CLOUDHSM",
      CustomKeyStoreId,
      CloudHsmClusterId: CLUSTER,
    });
    expect(KeyMetadata).not.toHaveProperty("CurrentKeyMaterialId");
    expect((await opened.kms.describeKey({ KeyId })).KeyMetadata).toEqual(KeyMetadata);
    expect([...cluster.keys.keys()]).toEqual([KeyId]);
    const EncryptionContext = { tenant: "a" };
    const { CiphertextBlob } = await opened.kms.encrypt({ KeyId, Plaintext: MESSAGE, EncryptionContext });
    expect((await opened.kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(MESSAGE);
    await expect(opened.kms.decrypt({ CiphertextBlob })).rejects.toEqual(
      refusal("InvalidCiphertextException"),
    );
    const dataKey = await opened.kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    const again = await opened.kms.decrypt({ CiphertextBlob: dataKey.CiphertextBlob });
    expect(again.Plaintext).toEqual(dataKey.Plaintext);
    for (const call of [
      () => opened.kms.enableKeyRotation({ KeyId }),
      () => opened.kms.disableKeyRotation({ KeyId }),
      () => opened.kms.getKeyRotationStatus({ KeyId }),
      () => opened.kms.rotateKeyOnDemand({ KeyId }),
    ]) {
      await expect(call()).rejects.toEqual(refusal("UnsupportedOperationException"));
    }
  });

  test("moves in and out by ReEncrypt, and takes the largest plaintext", async () => {
    const KeyId = await keyIn(await connected());
    const Plaintext = new Uint8Array(4096).fill(1);
    const plain = await opened.kms.encrypt({ KeyId: await opened.key(), Plaintext });
    const inside = await opened.kms.reEncrypt({
      CiphertextBlob: plain.CiphertextBlob,
      DestinationKeyId: KeyId,
    });
    const outside = await opened.kms.reEncrypt({
      CiphertextBlob: inside.CiphertextBlob,
      DestinationKeyId: await opened.key(),
    });
    const { CiphertextBlob } = outside;
    expect((await opened.kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
  });

  test("is unavailable while its key store is not connected, and what was decided meanwhile holds afterwards", async () => {
    const CustomKeyStoreId = await connected();
    const KeyId = await keyIn(CustomKeyStoreId);
    const { CiphertextBlob } = await opened.kms.encrypt({ KeyId, Plaintext: MESSAGE });
    const state = async () => (await opened.kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    expect(await state()).toBe("Unavailable");
    for (const call of [
      () => opened.kms.encrypt({ KeyId, Plaintext: MESSAGE }),
      () => opened.kms.decrypt({ CiphertextBlob }),
    ]) {
      await expect(call()).rejects.toMatchObject({
        name: "KMSInvalidStateException",
        message: expect.stringMatching(/ is unavailable\.$/),
      });
    }
    await opened.kms.updateKeyDescription({ KeyId, Description: "described while unavailable" });
    await opened.kms.disableKey({ KeyId });
    expect(await state()).toBe("Unavailable");
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect(await state()).toBe("Disabled");
    await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await opened.kms.enableKey({ KeyId });
    await opened.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await state()).toBe("PendingDeletion");
    await opened.kms.cancelKeyDeletion({ KeyId });
    expect(await state()).toBe("Unavailable");
    await opened.kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect(await state()).toBe("Disabled");
    await opened.kms.enableKey({ KeyId });
    expect((await opened.kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(MESSAGE);
  });

  test("is used by a process that did not connect the key store itself", async () => {
    const KeyId = await keyIn(await connected());
    const { CiphertextBlob } = await opened.kms.encrypt({ KeyId, Plaintext: MESSAGE });
    const other = await open({ store: opened.store, keyStores: { hsmCluster: (id) => clusters.get(id) } });
    await other.service.rotateDomainKey();
    expect((await other.kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(MESSAGE);
    expect(cluster.sessions.size).toBe(2);
  });

  test("logs in again after a login was lost", async () => {
    const KeyId = await keyIn(await connected());
    cluster.sessions.clear();
    const encrypt = () => opened.kms.encrypt({ KeyId, Plaintext: MESSAGE });
    await expect(encrypt()).rejects.toEqual(refusal("KMSInvalidStateException"));
    await encrypt();
  });

  test.each<[HsmErrorCode, string]>([
    ["KeyNotFound", "KMSInvalidStateException"],
    ["Unavailable", "KMSInvalidStateException"],
    ["InvalidCiphertext", "InvalidCiphertextException"],
  ])("tells %s of its cluster as %s", async (code, name) => {
    const KeyId = await keyIn(await connected());
    const { CiphertextBlob } = await opened.kms.encrypt({ KeyId, Plaintext: MESSAGE });
    cluster.failing = code;
    await expect(opened.kms.decrypt({ CiphertextBlob })).rejects.toEqual(refusal(name));
  });

  test.each([
    ["ValidationException", { Origin: "AWS_KMS" as const }],
    ["ValidationException", { Origin: "EXTERNAL_KEY_STORE" as const }],
    ["ValidationException", { Origin: "EXTERNAL_KEY_STORE" as const, XksKeyId: "foo" }],
    ["ValidationException", { XksKeyId: "foo" }],
    ["ValidationException", { CustomKeyStoreId: undefined }],
    ["UnsupportedOperationException", { MultiRegion: true }],
    ["UnsupportedOperationException", { KeySpec: "RSA_2048" as const, KeyUsage: "ENCRYPT_DECRYPT" as const }],
  ])("is not made, but refused with %s: %j", async (name, changes) => {
    const request = { CustomKeyStoreId: await connected(), Origin: "AWS_CLOUDHSM" as const, ...changes };
    await expect(opened.kms.createKey(request)).rejects.toEqual(refusal(name));
    expect(cluster.keys.size).toBe(0);
  });

  test.each<[HsmErrorCode, string]>([
    ["InvalidConfiguration", "CloudHsmClusterInvalidConfigurationException"],
    ["Unavailable", "CustomKeyStoreInvalidStateException"],
  ])("is not made when its cluster is %s", async (code, name) => {
    const CustomKeyStoreId = await connected();
    cluster.failing = code;
    await expect(keyIn(CustomKeyStoreId)).rejects.toEqual(refusal(name));
  });

  test("is not made in a disconnected key store", async () => {
    await expect(keyIn(await created())).rejects.toEqual(refusal("CustomKeyStoreInvalidStateException"));
  });
});

test("GenerateRandom takes its bytes from the cluster of a connected CloudHSM key store", async () => {
  const CustomKeyStoreId = await connected();
  const random = () => opened.kms.generateRandom({ CustomKeyStoreId, NumberOfBytes: 3 });
  expect((await random()).Plaintext).toEqual(Uint8Array.of(0xa5, 0xa5, 0xa5));
  await opened.kms.disconnectCustomKeyStore({ CustomKeyStoreId });
  await expect(random()).rejects.toEqual(refusal("CustomKeyStoreInvalidStateException"));
});
