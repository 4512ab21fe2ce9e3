/**
 * External key stores over a real HTTPS proxy, which is the reference proxy in a process of its own. It is asked by curl too, which
 * signs by itself, for everything that AWS's published test client checks (aws-kms-xksproxy-test-client 1.0.5).
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { xksFetch } from "kmslite/node";
import { createXksProxy } from "kmslite/xks-proxy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const HOST = "xks.example";
const [FIRST, SECOND] = ["AKIAAAAAAAAAAAAAAAA2", "AKIAAAAAAAAAAAAAAAA3"];
const SECRETS = new Map([
  [FIRST, "1234567890123456789012345678901234567890123="],
  [SECOND, "abcdefghijabcdefghijabcdefghijabcdefghij123="],
]);
const MESSAGE = new TextEncoder().encode("attack at dawn");
const PATH = "/example/kms/xks/v1";

const folder = mkdtempSync(join(tmpdir(), "kmslite-xks-"));
let proxy: ChildProcess;
let port = 0;
let ca = "";
let embedded: Kms;
let kms: KMS;

beforeAll(async () => {
  const file = (name: string) => join(folder, name);
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  const pair = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-keyout",
    file("key.pem"),
    "-out",
    file("cert.pem"),
  ];
  execFileSync("openssl", ["req", "-x509", "-nodes", "-days", "2", ...pair, ...subject], {
    timeout: 30_000,
    stdio: "ignore",
  });
  ca = readFileSync(file("cert.pem"), "utf8");
  const versions = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 2).toString("base64")];
  const configuration = {
    pathPrefix: "/example",
    credentials: [...SECRETS].map(([accessKeyId, secretAccessKey]) => ({ accessKeyId, secretAccessKey })),
    keys: {
      foo: { versions },
      bar: { versions },
      encrypt_only: { versions, usage: ["ENCRYPT"] },
      decrypt_only: { versions, usage: ["DECRYPT"] },
      impotent: { versions, usage: ["SIGN"] },
      disabled: { versions, status: "DISABLED" },
      private: { versions, principals: ["arn:aws:iam::111122223333:user/nobody"] },
    },
  };
  writeFileSync(file("proxy.json"), JSON.stringify(configuration), { mode: 0o600 });
  const command = new URL("../../../packages/kmslite/bin/kmslite.js", import.meta.url).pathname;
  const options = [
    "--config",
    file("proxy.json"),
    "--tls-cert",
    file("cert.pem"),
    "--tls-key",
    file("key.pem"),
  ];
  proxy = spawn(process.execPath, [command, "xks-proxy", "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    proxy.stdout?.once("data", (data: Buffer) => resolve(data.toString()));
    proxy.once("exit", (code) => reject(new Error(`The proxy ended with ${code}`)));
  });
  port = (JSON.parse(line) as { port: number }).port;
  embedded = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    keyStores: {
      // The machines of the tests may be slow; the limit itself is tried below.
      xksTimeoutMs: 20_000,
      xksFetch: xksFetch({
        ca,
        connectTo: (name) => (name === HOST ? { host: "127.0.0.1", port } : undefined),
      }),
    },
  });
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  kms = new KMS({ region: "us-east-1", requestHandler: embedded.requestHandler(), credentials });
}, 60_000);

afterAll(async () => {
  await embedded?.close();
  const ended = new Promise((resolve) => proxy.once("exit", resolve));
  proxy.kill();
  await ended;
  rmSync(folder, { recursive: true });
});

const request = (accessKeyId: string = FIRST ?? "", changes: object = {}) => ({
  CustomKeyStoreName: "xks",
  CustomKeyStoreType: "EXTERNAL_KEY_STORE" as const,
  XksProxyConnectivity: "PUBLIC_ENDPOINT" as const,
  XksProxyUriEndpoint: `https://${HOST}`,
  XksProxyUriPath: PATH,
  XksProxyAuthenticationCredential: {
    AccessKeyId: accessKeyId,
    RawSecretAccessKey: SECRETS.get(accessKeyId) ?? "0".repeat(43),
  },
  ...changes,
});

describe("an external key store", () => {
  let CustomKeyStoreId = "";

  test.each([
    ["XksProxyIncorrectAuthenticationCredentialException", request("AKIAAAAAAAAAAAAAAAA4")],
    ["XksProxyInvalidConfigurationException", request(FIRST, { XksProxyUriPath: "/elsewhere/kms/xks/v1" })],
    ["XksProxyUriUnreachableException", request(FIRST, { XksProxyUriEndpoint: "https://localhost" })],
    [
      "XksProxyVpcEndpointServiceNotFoundException",
      request(FIRST, {
        XksProxyConnectivity: "VPC_ENDPOINT_SERVICE",
        XksProxyVpcEndpointServiceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789",
      }),
    ],
    ["ValidationException", request(FIRST, { XksProxyUriPath: undefined })],
    ["ValidationException", request(FIRST, { KeyStorePassword: "password" })],
  ])("is refused with %s", async (name, refused) => {
    await expect(kms.createCustomKeyStore(refused)).rejects.toMatchObject({ name });
  });

  test("is made, connected, and its keys encrypt at the proxy", async () => {
    CustomKeyStoreId = (await kms.createCustomKeyStore(request())).CustomKeyStoreId ?? "";
    await expect(kms.createCustomKeyStore(request(FIRST, { CustomKeyStoreName: "2" }))).rejects.toMatchObject(
      {
        name: "XksProxyUriInUseException",
      },
    );
    await kms.connectCustomKeyStore({ CustomKeyStoreId });
    const { CustomKeyStores } = await kms.describeCustomKeyStores({ CustomKeyStoreId });
    expect(CustomKeyStores?.[0]).toMatchObject({
      ConnectionState: "CONNECTED",
      XksProxyConfiguration: { AccessKeyId: FIRST, UriEndpoint: `https://${HOST}`, UriPath: PATH },
    });
    const { KeyMetadata } = await kms.createKey({
      Origin: "EXTERNAL_KEY_STORE",
      CustomKeyStoreId,
      XksKeyId: "foo",
    });
    expect(KeyMetadata?.XksKeyConfiguration).toEqual({ Id: "foo" });
    const KeyId = KeyMetadata?.KeyId;
    const EncryptionContext = { tenant: "a" };
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE, EncryptionContext });
    expect((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(MESSAGE);
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: "KMSInvalidStateException" });
    const largest = new Uint8Array(4096).fill(7);
    const sealed = await kms.encrypt({ KeyId, Plaintext: largest });
    expect((await kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toEqual(largest);
    const dataKey = await kms.generateDataKey({ KeyId, NumberOfBytes: 64 });
    expect((await kms.decrypt({ CiphertextBlob: dataKey.CiphertextBlob })).Plaintext).toEqual(
      dataKey.Plaintext,
    );
  });

  test("takes new credentials while it is connected", async () => {
    const { XksProxyAuthenticationCredential } = request(SECOND);
    await kms.updateCustomKeyStore({ CustomKeyStoreId, XksProxyAuthenticationCredential });
    await kms.createKey({ Origin: "EXTERNAL_KEY_STORE", CustomKeyStoreId, XksKeyId: "bar" });
    const endpoint = { CustomKeyStoreId, XksProxyUriEndpoint: "https://other.example" };
    await expect(kms.updateCustomKeyStore(endpoint)).rejects.toMatchObject({
      name: "CustomKeyStoreInvalidStateException",
    });
  });

  test.each([
    ["XksKeyAlreadyInUseException", "foo"],
    ["XksKeyNotFoundException", "nothing"],
    ["XksKeyNotFoundException", ".."],
    ["XksKeyInvalidConfigurationException", "encrypt_only"],
    ["XksKeyInvalidConfigurationException", "decrypt_only"],
    ["XksKeyInvalidConfigurationException", "disabled"],
    ["KMSInvalidStateException", "private"],
  ])("refuses with %s the external key %s", async (name, XksKeyId) => {
    const key = kms.createKey({ Origin: "EXTERNAL_KEY_STORE", CustomKeyStoreId, XksKeyId });
    await expect(key).rejects.toMatchObject({ name });
  });

  test("generates no random bytes", async () => {
    await expect(kms.generateRandom({ CustomKeyStoreId, NumberOfBytes: 1 })).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  });
});

/** What the KMS tells of answers that no good proxy gives. */
test.each<[string, (request: Request) => Promise<Response>]>([
  ["XksProxyInvalidResponseException", async () => new Response("not JSON")],
  ["XksProxyInvalidResponseException", async () => new Response("{}", { status: 500 })],
  ["XksProxyInvalidResponseException", async () => new Response("x".repeat(70_000))],
  ["XksProxyUriUnreachableException", () => new Promise(() => {})],
  ["XksProxyUriUnreachableException", () => Promise.reject(new TypeError("failed"))],
  [
    "XksProxyUriUnreachableException",
    async () => Response.json({ errorName: "ThrottlingException" }, { status: 429 }),
  ],
])("a proxy that answers nonsense, or nothing in 250 ms, is told as %s", async (name, answer) => {
  const other = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    keyStores: { xksFetch: answer },
  });
  await expect(other.createCustomKeyStore(request())).rejects.toMatchObject({ name });
  await other.close();
});

test("the proxy answers GET with 405, a load balancer with 200 and a stranger with 401", async () => {
  const handler = createXksProxy({ credentials: [], key: () => undefined });
  expect((await handler(new Request("https://x/kms/xks/v1/health", { method: "GET" }))).status).toBe(405);
  expect((await handler(new Request("https://x/ping"))).status).toBe(200);
  expect(
    (await handler(new Request("https://x/kms/xks/v1/health", { method: "POST", body: "{}" }))).status,
  ).toBe(401);
});

/** curl signs `content-type`, `host` and `x-amz-date`, of its own accord. */
function curl(
  place: string,
  body: object,
  { key = FIRST ?? "", secret = SECRETS.get(key) ?? "", path = PATH } = {},
) {
  const address = `${HOST}:${port}`;
  const output = execFileSync(
    "curl",
    [
      ...[
        "--silent",
        "--max-time",
        "20",
        "--cacert",
        join(folder, "cert.pem"),
        "--resolve",
        `${address}:127.0.0.1`,
      ],
      ...["-H", "Content-Type: application/json", "--aws-sigv4", "aws:amz:us-east-1:kms-xks-proxy"],
      ...["--user", `${key}:${secret}`, "--data-binary", JSON.stringify(body), "-w", "\n%{http_code}"],
      `https://${address}${path}/${place}`,
    ],
    { encoding: "utf8", timeout: 30_000 },
  );
  const [json = "", status = ""] = output.split(/\n(?=\d+$)/);
  return { status: Number(status), answer: JSON.parse(json) as Record<string, string> };
}

const requestMetadata = {
  awsPrincipalArn: "arn:aws:iam::123456789012:user/Alice",
  kmsKeyArn: "arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  kmsOperation: "Encrypt",
  kmsRequestId: "4112f4d6-db54-4af4-ae30-c55a22a8dfae",
  kmsViaService: "ebs",
};
const base = { requestMetadata, encryptionAlgorithm: "AES_GCM" };
const plaintext = Buffer.from("Hello World!").toString("base64");
const aad = Buffer.from("project=nile").toString("base64");
const cdiv = { ciphertextDataIntegrityValueAlgorithm: "SHA_256" };

test.each([
  ["a key of 16 bytes", { keys: { short: { versions: [Buffer.alloc(16, 1).toString("base64")] } } }],
  ["a key without material", { keys: { empty: { versions: [] } } }],
  ["no secret", { credentials: [{ accessKeyId: FIRST }] }],
  ["a short secret", { credentials: [{ accessKeyId: FIRST, secretAccessKey: "secret" }] }],
])("the proxy does not start with %s", (_, wrong) => {
  const config = join(folder, "wrong.json");
  const credentials = [{ accessKeyId: FIRST, secretAccessKey: SECRETS.get(FIRST) }];
  writeFileSync(config, JSON.stringify({ credentials, keys: {}, ...wrong }), { mode: 0o600 });
  const command = new URL("../../../packages/kmslite/bin/kmslite.js", import.meta.url).pathname;
  const tls = ["--tls-cert", join(folder, "cert.pem"), "--tls-key", join(folder, "key.pem")];
  const options = ["xks-proxy", "--port", "0", "--config", config, ...tls];
  const { status, stderr } = spawnSync(process.execPath, [command, ...options], { timeout: 10_000 });
  expect(status).toBe(2);
  expect(stderr.toString()).toContain("is no configuration of a proxy");
});

test("the proxy stops reading a stranger's body that does not end", async () => {
  const fetch = createXksProxy({ credentials: [], key: () => undefined });
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent++;
      if (sent > 1000) controller.error(new Error("It was read on and on"));
      else controller.enqueue(new Uint8Array(4096));
    },
  });
  const init = { method: "POST", body, duplex: "half" };
  const answer = await fetch(new Request("https://xks.example/kms/xks/v1/health", init));
  expect(answer.status).toBe(501);
  expect(await answer.json()).toMatchObject({ errorName: "UnsupportedOperationException" });
  expect(sent).toBeLessThan(32);
});

describe("the reference proxy, as AWS's test client asks it", () => {
  test.each<[string, number, string, object, object?]>([
    ["ValidationException", 400, "health", {}],
    ["ValidationException", 400, "health", { requestMetadata: {} }],
    ["ValidationException", 400, "keys/foo/metadata", {}],
    ["ValidationException", 400, "keys/foo/metadata", { requestMetadata: {} }],
    ["ValidationException", 400, "keys/foo/encrypt", base],
    ["KeyNotFoundException", 404, "keys/none/metadata", base],
    ["KeyNotFoundException", 404, "keys/none/encrypt", { ...base, plaintext }],
    ["AuthenticationFailedException", 401, "health", base, { key: "InvalidAKIA", secret: "x" }],
    ["AuthenticationFailedException", 401, "keys/foo/metadata", base, { secret: "Invalid" }],
    ["AuthenticationFailedException", 401, "keys/foo/encrypt", { ...base, plaintext }, { secret: "Invalid" }],
    ["InvalidUriPathException", 404, "health", base, { path: "/example/invalid/kms/xks/v1" }],
    ["InvalidUriPathException", 404, "keys/foo/encrypt", base, { path: "/example/invalid/kms/xks/v1" }],
    ["InvalidKeyUsageException", 400, "keys/encrypt_only/encrypt", { ...base, plaintext, ...cdiv }],
    ["InvalidKeyUsageException", 400, "keys/decrypt_only/encrypt", { ...base, plaintext }],
    ["InvalidKeyUsageException", 400, "keys/decrypt_only/encrypt", { ...base, plaintext, ...cdiv }],
    ["InvalidKeyUsageException", 400, "keys/impotent/encrypt", { ...base, plaintext }],
    ["InvalidStateException", 400, "keys/disabled/encrypt", { ...base, plaintext }],
    ["AccessDeniedException", 403, "keys/private/encrypt", { ...base, plaintext }],
    ["UnsupportedOperationException", 501, "keys/foo/encrypt", { ...base, plaintext: "A".repeat(70_000) }],
  ])("refuses with %s, status %d: %s", (errorName, status, place, body, how) => {
    expect(curl(place, body, how)).toMatchObject({ status, answer: { errorName } });
  });

  test("tells its health, and what a key is", () => {
    expect(curl("health", base).answer).toMatchObject({ xksProxyFleetSize: 1 });
    expect(curl("keys/foo/metadata", base).answer).toEqual({
      keySpec: "AES_256",
      keyUsage: ["ENCRYPT", "DECRYPT"],
      keyStatus: "ENABLED",
    });
  });

  test.each([{}, { additionalAuthenticatedData: aad }])(
    "encrypts and decrypts with %j, and vouches for it",
    async (extra) => {
      const { answer } = curl("keys/foo/encrypt", { ...base, plaintext, ...extra, ...cdiv });
      const parts = ["ciphertextMetadata", "initializationVector", "ciphertext", "authenticationTag"];
      const bytes = [Object.values(extra)[0] ?? "", ...parts.map((name) => answer[name] ?? "")];
      const hash = await crypto.subtle.digest(
        "SHA-256",
        Buffer.concat(bytes.map((part) => Buffer.from(part, "base64"))),
      );
      expect(answer["ciphertextDataIntegrityValue"]).toBe(Buffer.from(hash).toString("base64"));
      const { ciphertextDataIntegrityValue: _value, ...sealed } = answer;
      expect(curl("keys/foo/decrypt", { ...base, ...sealed, ...extra }).answer).toEqual({ plaintext });
      const other = { additionalAuthenticatedData: "b3RoZXI=" };
      expect(curl("keys/foo/decrypt", { ...base, ...sealed, ...other })).toMatchObject({
        status: 400,
        answer: { errorName: "InvalidCiphertextException" },
      });
      expect(curl("keys/encrypt_only/decrypt", { ...base, ...sealed, ...extra }).answer["errorName"]).toBe(
        "InvalidKeyUsageException",
      );
    },
  );

  test("takes 4,300 bytes with 8,192 of AAD", () => {
    const large = {
      plaintext: Buffer.alloc(4300, 1).toString("base64"),
      additionalAuthenticatedData: Buffer.alloc(8192, 2).toString("base64"),
    };
    const { answer } = curl("keys/foo/encrypt", { ...base, ...large });
    const { additionalAuthenticatedData } = large;
    expect(curl("keys/foo/decrypt", { ...base, ...answer, additionalAuthenticatedData }).answer).toEqual({
      plaintext: large.plaintext,
    });
  });
});
