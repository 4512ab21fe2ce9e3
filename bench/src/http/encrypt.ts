/**
 * Signed Encrypt of 32 bytes over HTTP on loopback, against a bare `node:http` server that parses the same body and answers the same.
 *
 * The KMS is `kmslite serve` as it is by default: Signature V4, the policies of a user who is no root user, and an event in the SQLite
 * store before each answer. Both servers are on one core, and are under load in turn.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { measure } from "../measure.ts";
import type { Measurement, Progress, Ratio, SuiteOptions } from "../report.ts";
import { BARE_SERVER, kmsliteCommand, runKmslite, startClient, startServer } from "./processes.ts";
import { signedEncrypts } from "./signed-encrypt.ts";

/** Requests under way at a time, each on a connection that is kept alive. */
const IN_FLIGHT = 32;

interface Started {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Outcome {
  readonly results: readonly Measurement[];
  readonly ratios: readonly Ratio[];
  readonly skipped: readonly string[];
}

export async function measureHttpEncrypt(progress: Progress, { quick }: SuiteOptions): Promise<Outcome> {
  if (!existsSync(BARE_SERVER)) {
    const reason = "kms.http-encrypt: its processes need a Node.js that runs TypeScript";
    return { results: [], ratios: [], skipped: [reason] };
  }
  progress("signed Encrypt over HTTP");
  const data = await mkdtemp(join(tmpdir(), "kmslite-bench-"));
  const stops: (() => Promise<void>)[] = [];
  try {
    const user = await makeUser(data);
    const kms = await startServer<Started>(kmsliteCommand("serve", "--port", "0", "--data", data, "--json"));
    stops.push(kms.stop);
    const { endpoint, region } = kms.said;
    const root = new KMSClient({ endpoint, region, credentials: kms.said });
    const KeyId = (await root.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
    root.destroy();

    const requests = await signedEncrypts({ endpoint, region, credentials: user }, KeyId, IN_FLIGHT);
    const bare = await startServer<{ endpoint: string }>([
      BARE_SERVER,
      await answerTo(endpoint, requests[0]),
    ]);
    stops.push(bare.stop);
    const client = await startClient();
    stops.push(client.stop);

    const milliseconds = quick ? 1000 : 2000;
    const sampleOf = (url: string) => () =>
      client.sample({ port: Number(new URL(url).port), requests, milliseconds });
    const peers = [
      { engine: "kmslite-serve", sample: sampleOf(endpoint) },
      { engine: "bare-http", sample: sampleOf(bare.said.endpoint) },
    ];
    // Compiled by the engine before anything counts.
    for (const peer of peers) await peer.sample();
    const { measurements, speedup } = await measure(
      { id: "kms.http-encrypt-32B", bytes: 32, rounds: quick ? 5 : 9 },
      peers,
    );
    const ratio: Ratio = {
      id: "kms.http-encrypt.vs-bare-http",
      against: "bare-http",
      value: speedup("kmslite-serve", "bare-http"),
      aim: 0.5,
      better: "higher",
    };
    return { results: measurements, ratios: [ratio], skipped: [] };
  } finally {
    for (const stop of stops.reverse()) await stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** A user whose identity policy allows the use of keys. */
async function makeUser(data: string): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const document = join(data, "policy.json");
  await runKmslite("init", "--data", data);
  const Statement = { Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt"], Resource: "*" };
  await writeFile(document, JSON.stringify({ Version: "2012-10-17", Statement }));
  const user = ["--user", "app", "--data", data];
  await runKmslite("iam", "user", "create", "app", "--data", data);
  await runKmslite("iam", "policy", "put", "keys", ...user, "--document", document);
  const key = (await runKmslite("iam", "access-key", "create", ...user)) as {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
  };
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
}

/** What the KMS answers to a request, for the bare server to answer the same. */
async function answerTo(endpoint: string, request = ""): Promise<string> {
  const [head = "", body = ""] = request.split("\r\n\r\n");
  const headers = head
    .split("\r\n")
    .slice(1)
    .map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  const response = await fetch(endpoint, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`kms.http-encrypt: ${response.status} ${await response.text()}`);
  const names = ["content-type", "x-amzn-requestid", "cache-control"];
  const kept = names.map((name) => [name, response.headers.get(name) ?? ""]);
  return JSON.stringify({ headers: Object.fromEntries(kept), body: await response.json() });
}
