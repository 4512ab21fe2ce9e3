/** The audit log of a real server: one event for each response, looked up with official clients, and whole after `kill -9`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudTrail } from "@aws-sdk/client-cloudtrail";
import { KMS } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { kmslite, run, type Server, serve, temporaryFolder } from "../cli/kmslite.ts";

const CREDENTIALS = { accessKeyId: "AKIDTEST", secretAccessKey: "a-secret-for-tests" };
const ENVIRONMENT = {
  KMSLITE_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  KMSLITE_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};

interface Running {
  readonly server: Server;
  readonly kms: KMS;
  readonly trail: CloudTrail;
}

async function start(data: string): Promise<Running> {
  const server = await serve(["--port", "0", "--data", data, "--json", "--quiet"], { env: ENVIRONMENT });
  const { endpoint, region } = server.started();
  const options = { endpoint, region, credentials: CREDENTIALS, maxAttempts: 1 };
  return { server, kms: new KMS(options), trail: new CloudTrail(options) };
}

interface Exported {
  readonly eventName: string;
  readonly requestID: string;
  readonly errorCode?: string;
}

async function exported(data: string): Promise<readonly Exported[]> {
  const { stdout } = await kmslite(["audit", "export", "--data", data]);
  return stdout
    .toString()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Exported);
}

/** Calls until the server is gone; gives the ids of the answers that came. */
async function callUntilGone(kms: KMS, KeyId: string | undefined, answered: string[]): Promise<void> {
  for (let count = 0; ; count++) {
    try {
      const { $metadata } =
        count % 7 === 0
          ? await kms.createAlias({ AliasName: `alias/${crypto.randomUUID()}`, TargetKeyId: KeyId })
          : await kms.encrypt({ KeyId, Plaintext: Buffer.from("x") });
      if ($metadata.requestId !== undefined) answered.push($metadata.requestId);
    } catch {
      return;
    }
  }
}

test("no answered call is without its event after kill -9, and no event is there twice", async () => {
  const data = join(temporaryFolder(), "data");
  const answered: string[] = [];
  const rounds = 3;
  for (let round = 1; round <= rounds; round++) {
    const { server, kms } = await start(data);
    const { KeyMetadata, $metadata } = await kms.createKey({});
    if ($metadata.requestId !== undefined) answered.push($metadata.requestId);
    const before = answered.length;
    const callers = Array.from({ length: 8 }, () => callUntilGone(kms, KeyMetadata?.KeyId, answered));
    while (answered.length < before + 100 * round) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.stop("SIGKILL");
    await Promise.all(callers);
    kms.destroy();
  }
  const events = await exported(data);
  const ids = events.map(({ requestID }) => requestID);
  expect(new Set(ids).size).toBe(ids.length);
  const kept = new Set(ids);
  expect(answered.filter((id) => !kept.has(id))).toEqual([]);
  // What was done and not answered: at most what each caller had under way.
  expect(ids.length - answered.length).toBeLessThanOrEqual(8 * rounds);
}, 300_000);

test("each response has one event under load, refusals too, and the log verifies from the command line", async () => {
  const data = join(temporaryFolder(), "data");
  const { server, kms, trail } = await start(data);
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId;
  const ids: (string | undefined)[] = [];
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const call =
        index % 3 === 0
          ? kms.describeKey({ KeyId: "none" })
          : kms.encrypt({ KeyId, Plaintext: Buffer.from("x") });
      const { $metadata } = await call.catch((error: { $metadata: { requestId?: string } }) => error);
      ids.push($metadata.requestId);
    }),
  );
  const { Events = [] } = await trail.lookupEvents({ MaxResults: 1 });
  expect(ids).toContain((JSON.parse(Events[0]?.CloudTrailEvent ?? "{}") as Exported).requestID);
  await server.stop();
  kms.destroy();
  trail.destroy();
  const events = await exported(data);
  expect(events.map(({ requestID }) => requestID).sort()).toEqual(
    [...ids, events.find(({ eventName }) => eventName === "CreateKey")?.requestID].sort(),
  );
  expect(events.filter(({ errorCode }) => errorCode === "NotFoundException")).toHaveLength(100);

  const publicKey = (await kmslite(["audit", "key", "--data", data])).stdout.toString().trim();
  const checkpoint = join(data, "checkpoint");
  writeFileSync(checkpoint, (await kmslite(["audit", "checkpoint", "--data", data])).stdout);
  const log = (await kmslite(["audit", "export", "--data", data])).stdout;
  const args = ["audit", "verify", "--public-key", publicKey, "--checkpoint", checkpoint];
  const verified = await kmslite(args, { input: log });
  expect([verified.code, verified.stdout.toString()]).toEqual([0, expect.stringContaining("301 events")]);
  for (const tampered of [
    log.subarray(0, -1),
    log.toString().replace("NotFound", "notFound"),
    `${log.toString()}{}\n`,
  ]) {
    expect(await kmslite(args, { input: tampered })).toMatchObject({ code: 1 });
  }
  expect((await kmslite([...args, "--later"], { input: `${log.toString()}{}\n` })).code).toBe(0);
}, 300_000);

test("LookupEvents finds events by each attribute, in pages, the newest first", async () => {
  const { kms, trail, server } = await start(join(temporaryFolder(), "data"));
  const { KeyMetadata } = await kms.createKey({});
  const [KeyId, ARN] = [KeyMetadata?.KeyId, KeyMetadata?.Arn];
  for (let count = 0; count < 5; count++) await kms.encrypt({ KeyId, Plaintext: Buffer.from("x") });
  await kms.generateRandom({ NumberOfBytes: 1 });
  const find = async (
    AttributeKey: string,
    AttributeValue: string,
  ): Promise<readonly (string | undefined)[]> => {
    const LookupAttributes = [{ AttributeKey: AttributeKey as "EventName", AttributeValue }];
    const { Events = [] } = await trail.lookupEvents({ LookupAttributes });
    return Events.map(({ EventName }) => EventName);
  };
  const encrypts = Array.from({ length: 5 }, () => "Encrypt");
  const all = ["GenerateRandom", ...encrypts, "CreateKey"];
  expect(await find("EventSource", "kms.amazonaws.com")).toEqual(all);
  expect(await find("Username", "root")).toEqual(all);
  expect(await find("AccessKeyId", "AKIDOTHER")).toEqual([]);
  expect(await find("EventName", "Encrypt")).toEqual(encrypts);
  expect(await find("ReadOnly", "false")).toEqual(["CreateKey"]);
  expect(await find("ResourceName", ARN ?? "")).toEqual([...encrypts, "CreateKey"]);
  expect(await find("ResourceName", KeyId ?? "")).toEqual([...encrypts, "CreateKey"]);
  expect(await find("ResourceType", "AWS::KMS::Key")).toEqual([...encrypts, "CreateKey"]);
  const { Events: [newest] = [] } = await trail.lookupEvents({ MaxResults: 1 });
  expect(newest).toMatchObject({
    EventName: "GenerateRandom",
    ReadOnly: "true",
    EventTime: expect.any(Date),
  });
  expect(await find("EventId", newest?.EventId ?? "")).toEqual(["GenerateRandom"]);

  const pages: (string | undefined)[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await trail.lookupEvents({ MaxResults: 3, NextToken });
    pages.push((page.Events ?? []).map(({ EventName }) => EventName));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(pages).toEqual([
    ["GenerateRandom", "Encrypt", "Encrypt"],
    ["Encrypt", "Encrypt", "Encrypt"],
    ["CreateKey"],
  ]);

  expect((await trail.lookupEvents({ StartTime: new Date(Date.now() + 3_600_000) })).Events).toEqual([]);
  expect((await trail.lookupEvents({ EndTime: new Date(Date.now() - 3_600_000) })).Events).toEqual([]);
  const refused = async (input: object, name: string) => {
    await expect(trail.lookupEvents(input)).rejects.toMatchObject({ name });
  };
  await refused({ MaxResults: 51 }, "InvalidMaxResultsException");
  await refused({ NextToken: "bm9uZQ==" }, "InvalidNextTokenException");
  await refused({ StartTime: new Date(2), EndTime: new Date(1) }, "InvalidTimeRangeException");
  await refused(
    { LookupAttributes: [{ AttributeKey: "Other", AttributeValue: "x" }] },
    "InvalidLookupAttributesException",
  );

  const aws = await run(
    "aws",
    [
      "cloudtrail",
      "lookup-events",
      "--endpoint-url",
      server.started().endpoint,
      "--region",
      "us-east-1",
      "--output",
      "json",
    ],
    {
      env: { AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey },
    },
  ).catch(() => undefined);
  // Where there is no AWS CLI, the SDK has shown it.
  if (aws !== undefined) {
    expect([aws.stderr, aws.code]).toEqual(["", 0]);
    expect((JSON.parse(aws.stdout.toString()) as { Events: unknown[] }).Events).toHaveLength(7);
  }
  kms.destroy();
  trail.destroy();
}, 300_000);

test("scheduling a deletion from the command line tells when the key was last used, and by whom", async () => {
  const data = join(temporaryFolder(), "data");
  const { server, kms } = await start(data);
  const [used, unused] = [await kms.createKey({}), await kms.createKey({})];
  await kms.encrypt({ KeyId: used.KeyMetadata?.KeyId, Plaintext: Buffer.from("x") });
  await server.stop();
  kms.destroy();
  const schedule = (KeyId = "") => kmslite(["keys", "schedule-deletion", KeyId, "--data", data]);
  expect((await schedule(used.KeyMetadata?.KeyId)).stderr).toMatch(
    /^Last used \S+Z for Encrypt by arn:aws:iam::000000000000:root\.$/m,
  );
  expect((await schedule(unused.KeyMetadata?.KeyId)).stderr).toContain("This key was never used.");
}, 300_000);
