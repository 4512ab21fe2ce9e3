import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { expect, onTestFinished, test } from "vitest";
import { kmslite, type Server, serve, temporaryFolder } from "./kmslite.ts";

/** The official client of a server that was started with `--json`. */
function clientOf(server: Server, credentials?: { accessKeyId: string; secretAccessKey: string }): KMS {
  const { endpoint, region, accessKeyId, secretAccessKey = "" } = server.started();
  return new KMS({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: credentials ?? { accessKeyId, secretAccessKey },
  });
}

/** A port that somebody else has. */
async function takenPort(port = 0): Promise<number> {
  const other = createServer();
  onTestFinished(() => void other.close());
  await new Promise<void>((resolve, reject) => {
    other.once("error", reject);
    other.listen(port, "127.0.0.1", resolve);
  });
  return (other.address() as AddressInfo).port;
}

test("it serves on a free port, tells programs where, and keeps its keys", async () => {
  const data = join(temporaryFolder(), "data");
  const first = await serve([
    "--port",
    "0",
    "--data",
    data,
    "--json",
    "--region",
    "eu-west-1",
    "--account",
    "123456789012",
  ]);
  const { KeyMetadata } = await clientOf(first).createKey({});
  expect(KeyMetadata?.Arn).toMatch(/^arn:aws:kms:eu-west-1:123456789012:key\//);
  const Plaintext = new TextEncoder().encode("kept");
  const { CiphertextBlob } = await clientOf(first).encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext });
  expect((await first.stop()).code).toBe(0);

  const second = await serve([
    "--port",
    "0",
    "--data",
    data,
    "--json",
    "--region",
    "eu-west-1",
    "--account",
    "123456789012",
  ]);
  expect((await clientOf(second).decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
  await second.stop();
});

test("a given port that is taken is an error; the default one gives way", async () => {
  const data = join(temporaryFolder(), "data");
  const taken = await takenPort();
  const refused = await kmslite(["serve", "--port", String(taken), "--data", data]);
  expect(refused).toMatchObject({ code: 4, stdout: Buffer.alloc(0) });
  expect(refused.stderr).toContain("the port is in use");

  // Whoever runs the tests may have a server of their own there; then it is taken already.
  await takenPort(4599).catch(() => {});
  const moved = await serve(["--data", data]);
  expect(moved.announced).toMatch(/^Port 4599 is in use; took \d+ instead\.\n/);
  await moved.stop();
});

test.each(["0.0.0.0", "::", "::ffff:0.0.0.0"])("%s is refused without access key and TLS", async (host) => {
  const data = join(temporaryFolder(), "data");
  const credentials = { KMSLITE_ACCESS_KEY_ID: "id", KMSLITE_SECRET_ACCESS_KEY: "a secret of one's own" };
  for (const env of [{}, credentials]) {
    const refused = await kmslite(["serve", "--host", host, "--port", "0", "--data", data], { env });
    expect(refused).toMatchObject({ code: 2, stdout: Buffer.alloc(0) });
    expect(refused.stderr).toContain("can be reached from other machines");
  }
});

test("who accepts the risk may listen to everybody", async () => {
  const data = join(temporaryFolder(), "data");
  const server = await serve([
    "--host",
    "0.0.0.0",
    "--insecure-listen",
    "--port",
    "0",
    "--data",
    data,
    "--json",
  ]);
  expect(server.started().endpoint).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  await server.stop();
});

test("the loopback names are no risk", async () => {
  for (const host of ["localhost", "127.0.0.2"]) {
    const data = join(temporaryFolder(), "data");
    const server = await serve(["--host", host, "--port", "0", "--data", data, "--json"]);
    expect((await server.stop()).code).toBe(0);
  }
});

test("a configured access key is the only one, and its secret is not printed", async () => {
  const data = join(temporaryFolder(), "data");
  const credentials = { accessKeyId: "MYKEY", secretAccessKey: "a-secret-of-my-own" };
  const env = {
    KMSLITE_ACCESS_KEY_ID: credentials.accessKeyId,
    KMSLITE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const server = await serve(["--port", "0", "--data", data, "--json"], { env });
  expect(server.started()).not.toHaveProperty("secretAccessKey");
  expect((await clientOf(server, credentials).listKeys({})).Keys).toEqual([]);
  await expect(clientOf(server, { ...credentials, accessKeyId: "OTHER" }).listKeys({})).rejects.toMatchObject(
    {
      name: "InvalidSignatureException",
    },
  );
  await expect(
    clientOf(server, { ...credentials, secretAccessKey: "guess" }).listKeys({}),
  ).rejects.toMatchObject({
    name: "InvalidSignatureException",
  });
  const { stdout, stderr } = await server.stop();
  expect(stdout.toString() + stderr).not.toContain(credentials.secretAccessKey);

  const alone = { KMSLITE_ACCESS_KEY_ID: "MYKEY" };
  expect(await kmslite(["serve", "--port", "0", "--data", data], { env: alone })).toMatchObject({ code: 2 });
});

const openssl = spawnSync("openssl", ["version"]).status === 0;
test.skipIf(!openssl)("it serves HTTPS, also to everybody (needs openssl)", async () => {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  spawnSync("openssl", [
    "req",
    "-x509",
    ...ec,
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    "2",
    ...subject,
  ]);
  const env = { KMSLITE_ACCESS_KEY_ID: "id", KMSLITE_SECRET_ACCESS_KEY: "a secret of one's own" };
  const data = join(folder, "data");
  const tls = ["--tls-cert", cert, "--tls-key", key];
  const server = await serve(["--host", "0.0.0.0", "--port", "0", ...tls, "--data", data, "--json"], { env });
  const { port, protocol } = new URL(server.started().endpoint);
  expect(protocol).toBe("https:");
  const answer = spawnSync("curl", ["-sS", "--cacert", cert, "-d", "{}", `https://127.0.0.1:${port}/`]);
  expect(answer.stdout.toString() + answer.stderr.toString()).toContain(
    "MissingAuthenticationTokenException",
  );
  await server.stop();
  expect(await kmslite(["serve", "--tls-cert", cert, "--data", data], { env })).toMatchObject({ code: 2 });
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends it well: requests in progress are answered first",
  async (signal) => {
    const data = join(temporaryFolder(), "data");
    const server = await serve(["--port", "0", "--data", data, "--json"]);
    const client = clientOf(server);
    await client.createKey({});
    const inProgress = Promise.all(Array.from({ length: 20 }, () => client.createKey({})));
    await client.createKey({});
    const outcome = await server.stop(signal);
    expect(outcome.code).toBe(0);
    expect(await inProgress).toHaveLength(20);
    // What was answered is there.
    const { stdout } = await kmslite(["keys", "list", "--data", data, "--json"]);
    expect((JSON.parse(stdout.toString()) as { keys: unknown[] }).keys).toHaveLength(22);
  },
);

test("an idle connection does not hold up the end", async () => {
  const server = await serve(["--port", "0", "--data", join(temporaryFolder(), "data"), "--json"]);
  const { port } = new URL(server.started().endpoint);
  const idle = connect(Number(port), "127.0.0.1");
  await new Promise((resolve) => idle.once("connect", resolve));
  idle.on("error", () => {});
  const began = performance.now();
  expect((await server.stop()).code).toBe(0);
  expect(performance.now() - began).toBeLessThan(5000);
});

test("one line is logged for each request, as text or JSON, or none", async () => {
  const data = join(temporaryFolder(), "data");
  for (const [args, expected] of [
    [[], /^\d{4}-\S+Z ListKeys 200 [\d.]+ ms\n\S+Z DescribeKey 400 NotFoundException [\d.]+ ms\n$/],
    [
      ["--json"],
      /^\{"time":"[^"]+","operation":"ListKeys","status":200,"milliseconds":[\d.]+\}\n\{.+"error":"NotFoundException".+\}\n$/,
    ],
    [["--quiet", "--json"], /^$/],
  ] as const) {
    const env = { KMSLITE_ACCESS_KEY_ID: "id", KMSLITE_SECRET_ACCESS_KEY: "secret" };
    const server = await serve(["--port", "0", "--data", data, ...args], { env });
    const endpoint = /http:\/\/[\d.:]+\d/.exec(server.announced)?.[0] ?? "";
    const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
    const client = new KMS({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    await client.listKeys({});
    await expect(client.describeKey({ KeyId: "alias/none" })).rejects.toMatchObject({
      name: "NotFoundException",
    });
    expect((await server.stop()).stderr).toMatch(expected);
  }
});

test("the command line and a server work on one folder at the same time", async () => {
  const data = join(temporaryFolder(), "data");
  const server = await serve(["--port", "0", "--data", data, "--json", "--quiet"]);
  const client = clientOf(server);
  const made = Promise.all(Array.from({ length: 30 }, () => client.createKey({})));
  const alsoMade = Promise.all(
    [1, 2, 3].map((n) => kmslite(["keys", "create", "--alias", `alias/${n}`, "--data", data])),
  );
  expect((await alsoMade).map(({ code }) => code)).toEqual([0, 0, 0]);
  await made;
  const sealed = await kmslite(["encrypt", "-k", "alias/1", "--data", data], { input: "shared" });
  const { Plaintext } = await client.decrypt({ CiphertextBlob: sealed.stdout });
  expect(new TextDecoder().decode(Plaintext)).toBe("shared");
  expect((await client.listKeys({ Limit: 1000 })).Keys).toHaveLength(33);
  await kmslite(["rotate-domain-key", "--data", data]);
  expect((await client.decrypt({ CiphertextBlob: sealed.stdout })).KeyId).toContain("key/");
  await server.stop();
});

test("it holds callers to request quotas, those of AWS or of a file", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "quotas.json");
  writeFileSync(file, JSON.stringify({ ListKeys: 2 }));
  const server = await serve([
    "--port",
    "0",
    "--json",
    "--data",
    join(folder, "a"),
    "--request-quotas",
    file,
  ]);
  const client = clientOf(server);
  await client.listKeys({});
  await client.listKeys({});
  await expect(client.listKeys({})).rejects.toMatchObject({ name: "ThrottlingException" });
  await client.listAliases({});
  await server.stop();
  for (const text of ["[]", '{"ListKeys": "2"}', '{"ListKeys": 0}', "ListKeys"]) {
    writeFileSync(file, text);
    const refused = await kmslite(["serve", "--data", join(folder, "b"), "--request-quotas", file]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/no table of quotas/);
  }
});
