/** Every call leaves one event, before it is answered, and nothing secret in it. */
import { memoryStore } from "@kmslite/store";
import { describe, expect, test } from "vitest";
import { CALLER, open } from "../../test-support/open.ts";
import type { AuditEvent, AuditSink, Service } from "../index.ts";

function collecting(): { readonly events: AuditEvent[]; readonly audit: AuditSink } {
  const events: AuditEvent[] = [];
  return { events, audit: (group) => void events.push(...group) };
}

/** The newest first. */
async function eventsOf(service: Service): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const { event } of (await service.auditLog())?.latest() ?? []) events.push(event);
  return events;
}

const PLAINTEXT = new TextEncoder().encode("a secret that must not be told");

describe("an event", () => {
  test("of a use tells who, what, which key and which material, and nothing of the data", async () => {
    const { events, audit } = collecting();
    const { kms, service, key } = await open({ audit });
    const KeyId = await key();
    const caller = {
      ...CALLER,
      principal: "arn:aws:iam::111122223333:user/team/Ana",
      identity: {
        principalId: "AIDAEXAMPLE",
        userName: "Ana",
        accessKeyId: "AKIDEXAMPLE",
        policies: [JSON.stringify({ Statement: { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" } })],
      },
      source: { ip: "192.0.2.1", userAgent: "aws-cli", requestId: "the-request" },
    };
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    await service.call("Decrypt", { CiphertextBlob, EncryptionContext: undefined }, caller);
    await expect(
      service.call("Decrypt", { CiphertextBlob, EncryptionContext: { Tenant: "a" } }, caller),
    ).rejects.toMatchObject({ name: "InvalidCiphertextException" });
    expect(events.map(({ eventName, errorCode }) => errorCode ?? eventName)).toEqual([
      "CreateKey",
      "Encrypt",
      "Decrypt",
      "InvalidCiphertextException",
    ]);
    const ARN = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    expect(events[2]).toEqual({
      eventVersion: "1.11",
      userIdentity: {
        type: "IAMUser",
        principalId: "AIDAEXAMPLE",
        arn: caller.principal,
        accountId: "111122223333",
        accessKeyId: "AKIDEXAMPLE",
        userName: "Ana",
      },
      eventTime: "2026-01-01T00:00:00Z",
      eventSource: "kms.amazonaws.com",
      eventName: "Decrypt",
      awsRegion: "us-east-1",
      sourceIPAddress: "192.0.2.1",
      userAgent: "aws-cli",
      requestParameters: { encryptionAlgorithm: "SYMMETRIC_DEFAULT" },
      responseElements: null,
      additionalEventData: { keyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) },
      requestID: "the-request",
      eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      readOnly: true,
      resources: [{ accountId: "111122223333", type: "AWS::KMS::Key", ARN }],
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: "111122223333",
      eventCategory: "Management",
    });
    expect(events[3]?.requestParameters).toEqual({
      encryptionAlgorithm: "SYMMETRIC_DEFAULT",
      encryptionContext: { Tenant: "a" },
    });
    expect(events[0]).toMatchObject({
      readOnly: false,
      responseElements: { keyMetadata: { keyId: KeyId } },
      resources: [{ ARN }],
    });
    const told = JSON.stringify(events);
    for (const secret of [PLAINTEXT, CiphertextBlob ?? PLAINTEXT]) {
      expect(told).not.toContain(Buffer.from(secret).toString("base64"));
      expect(told).not.toContain(Buffer.from(secret).toString("latin1"));
    }
  });

  test("is there for a request that has no valid form, and tells no more of it than texts and numbers", async () => {
    const { events, audit } = collecting();
    const { service } = await open({ audit });
    const hostile = {
      KeyId: { Plaintext: "secret" },
      EncryptionContext: { a: PLAINTEXT },
      NumberOfBytes: 7,
      Plaintext: "secret",
    };
    await expect(service.call("GenerateDataKey", hostile, CALLER)).rejects.toThrow();
    for (const input of [null, 7, "secret", [hostile], () => "secret"]) {
      await expect(service.call("GenerateDataKey", input, CALLER)).rejects.toThrow();
    }
    await expect(service.call("Nothing", hostile, CALLER)).rejects.toThrow();
    expect(events).toHaveLength(7);
    expect(events[0]?.requestParameters).toEqual({ numberOfBytes: 7 });
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  test("of background work says that nobody called", async () => {
    const { events, audit } = collecting();
    const { kms, service, key, clock } = await open({ audit });
    const [rotated, deleted] = [await key(), await key()];
    await kms.enableKeyRotation({ KeyId: rotated, RotationPeriodInDays: 90 });
    await kms.scheduleKeyDeletion({ KeyId: deleted, PendingWindowInDays: 7 });
    events.splice(0);
    clock.now += 90 * 86_400_000;
    await service.runDueWork();
    expect(
      events.map(({ eventName, eventType, userIdentity }) => [eventName, eventType, userIdentity.invokedBy]),
    ).toEqual([
      ["DeleteKey", "AwsServiceEvent", "AWS Internal"],
      ["RotateKey", "AwsServiceEvent", "AWS Internal"],
    ]);
    expect(events[1]?.serviceEventDetails).toMatchObject({ keyId: rotated, rotationType: "AUTOMATIC" });
  });
});

describe("a log that fails", () => {
  test("fails the call, and the answer is not given", async () => {
    let failing = false;
    const audit = () => {
      if (failing) throw new Error("the disk is full");
    };
    const { kms, key } = await open({ audit });
    const KeyId = await key();
    failing = true;
    const internal = { name: "KMSInternalException", message: "The audit log is not available" };
    await expect(kms.generateDataKey({ KeyId, KeySpec: "AES_256" })).rejects.toMatchObject(internal);
    await expect(kms.describeKey({ KeyId: "none" })).rejects.toMatchObject(internal);
    failing = false;
    await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
  });
});

describe("the log in the store", () => {
  test("has an event for each call, also of several processes at once and after a restart", async () => {
    const store = memoryStore();
    const processes = await Promise.all([open({ store, audit: "store" }), open({ store, audit: "store" })]);
    const KeyId = await (processes[0] as (typeof processes)[0]).key();
    const calls = processes.flatMap(({ kms }) =>
      Array.from({ length: 300 }, (_, index) =>
        kms.encrypt({ KeyId, Plaintext: PLAINTEXT, EncryptionContext: { index: String(index) } }),
      ),
    );
    await Promise.all(calls);
    for (const { service } of processes) await service.close();
    const again = await open({ store, audit: "store" });
    await again.kms.describeKey({ KeyId });
    const events = await eventsOf(again.service);
    expect(events).toHaveLength(602);
    expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(602);
    expect(await (await again.service.auditLog())?.size()).toBe(602);
    expect(events.filter(({ eventName }) => eventName === "Encrypt")).toHaveLength(600);
  });

  test("takes calls that come together in one commit", async () => {
    const memory = memoryStore();
    let commits = 0;
    const store = {
      get: memory.get.bind(memory),
      list: memory.list.bind(memory),
      close: memory.close.bind(memory),
      commit: (commit: Parameters<typeof memory.commit>[0]) => {
        commits++;
        return memory.commit(commit);
      },
    };
    const { kms, key } = await open({ store, audit: "store" });
    const KeyId = await key();
    await kms.encrypt({ KeyId, Plaintext: PLAINTEXT });
    commits = 0;
    await Promise.all(Array.from({ length: 100 }, () => kms.encrypt({ KeyId, Plaintext: PLAINTEXT })));
    expect(commits).toBeLessThan(10);
  });

  test("keeps an event that is too large without its parameters", async () => {
    const { kms, service } = await open({ audit: "store" });
    await expect(kms.createKey({ Policy: `"${"\\".repeat(120_000)}"` })).rejects.toThrow();
    const [event] = await eventsOf(service);
    expect(event).toMatchObject({ eventName: "CreateKey", requestParameters: { omitted: true } });
  });

  test("cuts a user agent that would make an event too large, and keeps those of all that come with it", async () => {
    const { service } = await open({ audit: "store" });
    const caller = { ...CALLER, source: { userAgent: "a".repeat(200_000) } };
    await Promise.all([CALLER, caller, CALLER].map((who) => service.call("ListKeys", {}, who)));
    const events = await eventsOf(service);
    expect(events.map(({ userAgent }) => userAgent.length).sort()).toEqual([10, 10, 1024].sort());
  });
});
