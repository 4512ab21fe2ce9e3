/** The command line over databases: real PostgreSQL, DynamoDB's protocol, and what they need installed. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalDynamoDb, startDynamoDb } from "../dynamodb/local-dynamodb.ts";
import { type LocalPostgres, postgresPrograms, startPostgres } from "../postgres/local-postgres.ts";
import { kmslite, type Outcome, serve, temporaryFolder } from "./kmslite.ts";

const ACCESS_KEY = { KMSLITE_ACCESS_KEY_ID: "fleet", KMSLITE_SECRET_ACCESS_KEY: "0123456789abcdef" };
const ROOT_KEY = { KMSLITE_ROOT_KEY: "5a".repeat(32) };

/** Makes Node.js not find a package, as where it is not installed. */
function without(name: string): Record<string, string> {
  const hooks = `export async function resolve(specifier, context, next) {
    if (specifier === ${JSON.stringify(name)}) {
      throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    }
    return next(specifier, context);
  }`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`;
  return { NODE_OPTIONS: `--import=${dataUrl(register)}` };
}

const dataUrl = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

const jsonOf = (outcome: Outcome) => JSON.parse(outcome.stdout.toString()) as Record<string, unknown>;

const programs = postgresPrograms();
if (programs === undefined) console.warn("skipped: the command line over PostgreSQL (it is not installed)");

describe.runIf(programs !== undefined)("over PostgreSQL", () => {
  let postgres: LocalPostgres | undefined;
  let schemas = 0;
  beforeAll(async () => {
    if (programs !== undefined) postgres = await startPostgres(programs, ["max_connections=200"]);
  }, 60_000);
  afterAll(() => postgres?.stop());

  const nextStore = (): string => `${postgres?.url}&schema=cli_${++schemas}&connections=2`;
  const sql = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: postgres?.url ?? "" });
    await client.connect();
    await client.query(text);
    await client.end();
  };

  test("init makes the tables; the folder keeps root key and access key only, and every command works", async () => {
    const data = join(temporaryFolder(), "data");
    const env = { KMSLITE_STORE: nextStore() };
    const made = await kmslite(["init", "--data", data, "--json"], { env });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(jsonOf(made)).toMatchObject({ created: true, store: "postgresql://kmslite@/postgres" });
    expect(readdirSync(data).sort()).toEqual(["credentials.json", "root.key"]);

    expect(await kmslite(["keys", "create", "--alias", "alias/app", "--data", data], { env })).toMatchObject({
      code: 0,
    });
    const sealed = await kmslite(["encrypt", "-k", "alias/app", "--data", data], { env, input: "secret" });
    const server = await serve(["--port", "0", "--data", data, "--json"], { env });
    const { endpoint, region, accessKeyId, secretAccessKey = "" } = server.started();
    const client = new KMS({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const opened = await client.decrypt({ CiphertextBlob: sealed.stdout });
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("secret");
    await server.stop();
    expect(await kmslite(["rotate-domain-key", "--data", data], { env })).toMatchObject({ code: 0 });
    const back = await kmslite(["decrypt", "--data", data], { env, input: sealed.stdout });
    expect(back.stdout.toString()).toBe("secret");
  });

  test("with root key and access key in the environment no folder is needed, nor made", async () => {
    const folder = temporaryFolder();
    const env = { KMSLITE_STORE: nextStore(), ...ROOT_KEY, ...ACCESS_KEY };
    const made = await kmslite(["init", "--json"], { env, cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    const server = await serve(["--port", "0", "--json"], { env, cwd: folder });
    const credentials = { accessKeyId: "fleet", secretAccessKey: "0123456789abcdef" };
    const client = new KMS({ endpoint: server.started().endpoint, region: "us-east-1", credentials });
    await client.createKey({});
    await server.stop();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("serve makes nothing in a database: neither tables nor keys", async () => {
    const data = join(temporaryFolder(), "data");
    const store = nextStore();
    const early = await kmslite(["serve", "--port", "0", "--data", data], { env: { KMSLITE_STORE: store } });
    expect([early.code, early.stderr]).toEqual([
      3,
      'kmslite: the database has no tables of KMSLite yet; "kmslite init", or `create`, makes them\n',
    ]);
    const listed = await kmslite(["keys", "list", "--data", data], { env: { KMSLITE_STORE: store } });
    expect(listed.code).toBe(3);
    expect(existsSync(data)).toBe(false);
  });

  test("tables that are older or newer are refused with what to do, and init brings older ones up", async () => {
    const data = join(temporaryFolder(), "data");
    const env = { KMSLITE_STORE: nextStore() };
    expect(await kmslite(["init", "--data", data], { env })).toMatchObject({ code: 0 });
    await sql(`UPDATE cli_${schemas}.layout SET version = 0`);
    const older = await kmslite(["keys", "list", "--data", data], { env });
    expect([older.code, older.stderr]).toEqual([3, expect.stringContaining('"kmslite init" brings them')]);
    expect(await kmslite(["init", "--data", data], { env })).toMatchObject({ code: 0 });
    expect(await kmslite(["keys", "list", "--data", data], { env })).toMatchObject({ code: 0 });

    await sql(`UPDATE cli_${schemas}.layout SET version = 99`);
    for (const command of ["init", "serve"]) {
      const newer = await kmslite([command, "--data", data], { env });
      expect([newer.code, newer.stderr]).toEqual([3, expect.stringContaining("newer KMSLite")]);
    }
  });

  test("six that init at once from one folder agree; another root key does not open what they made", async () => {
    const folder = temporaryFolder();
    const env = { KMSLITE_STORE: nextStore() };
    const mine = join(folder, "mine");
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => kmslite(["init", "--data", mine], { env })));
    expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, ""]));

    const lost = await kmslite(["init", "--data", join(folder, "theirs")], { env });
    expect([lost.code, lost.stderr]).toEqual([3, expect.stringContaining("root.key is missing")]);
    expect(existsSync(join(folder, "theirs"))).toBe(false);
    const wrong = await kmslite(["keys", "list", "--data", join(folder, "none")], {
      env: { ...env, KMSLITE_ROOT_KEY: "ab".repeat(32) },
    });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("does not open the store")]);
  });

  test("a database that was emptied is not given new keys", async () => {
    const data = join(temporaryFolder(), "data");
    const env = { KMSLITE_STORE: nextStore() };
    await kmslite(["init", "--data", data], { env });
    await sql(`TRUNCATE cli_${schemas}.record`);
    for (const command of ["init", "serve"]) {
      const { code, stderr } = await kmslite([command, "--data", data], { env });
      expect([code, stderr]).toEqual([3, expect.stringContaining("missing or empty")]);
    }
  });

  test("a missing driver is named, with the command that installs it", async () => {
    const env = { KMSLITE_STORE: nextStore(), ...ROOT_KEY, ...without("pg") };
    const { code, stderr } = await kmslite(["keys", "list"], { env, cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([3, expect.stringContaining("npm install pg")]);
  });

  test("a password in the URL is repeated nowhere", async () => {
    const env = { KMSLITE_STORE: "postgresql://kms:hunter2@127.0.0.1:9/kms?password=hunter2", ...ROOT_KEY };
    const { code, stdout, stderr } = await kmslite(["keys", "list"], { env, cwd: temporaryFolder() });
    expect(code).toBe(3);
    expect(stdout.toString() + stderr).not.toContain("hunter2");
  });
});

describe("over DynamoDB", () => {
  let local: LocalDynamoDb;
  beforeAll(async () => {
    local = await startDynamoDb();
  });
  afterAll(() => local.stop());

  const AWS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const storeIn = (table: string): Record<string, string> => ({
    ...AWS,
    ...ROOT_KEY,
    ...ACCESS_KEY,
    KMSLITE_STORE: `dynamodb://${table}?region=eu-west-1&endpoint=${encodeURIComponent(local.endpoint)}`,
  });

  test("init makes the table, and a key made by one command is used by the next", async () => {
    const cwd = temporaryFolder();
    const env = storeIn("kms-table");
    const early = await kmslite(["serve", "--port", "0"], { env, cwd });
    expect([early.code, early.stderr]).toEqual([
      3,
      expect.stringContaining("there is no DynamoDB table kms-table"),
    ]);
    expect(await kmslite(["init"], { env, cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(await kmslite(["keys", "create", "--alias", "alias/a"], { env, cwd })).toMatchObject({ code: 0 });
    const sealed = await kmslite(["encrypt", "-k", "alias/a"], { env, cwd, input: "secret" });
    const back = await kmslite(["decrypt"], { env, cwd, input: sealed.stdout });
    expect(back.stdout.toString()).toBe("secret");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("a missing SDK is named, with the command that installs it", async () => {
    const env = { ...storeIn("kms-table"), ...without("@aws-sdk/client-dynamodb") };
    const { code, stderr } = await kmslite(["keys", "list"], { env, cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([3, expect.stringContaining("npm install @aws-sdk/client-dynamodb")]);
  });
});

test.each(["mysql://host/db", "dynamodb://", "dynamodb://t?region=a", "dynamodb://table?regoin=a", "file:x"])(
  "refuses the store %s with the forms there are",
  async (url) => {
    const args = ["keys", "list", "--store", url];
    const { code, stderr } = await kmslite(args, { env: ROOT_KEY, cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([3, expect.stringContaining("postgresql://user")]);
  },
);

describe("a root key in another KMS", () => {
  /** A second KMSLite in the place of AWS KMS: its key's ARN, and the environment that leads the SDK there. */
  async function otherKms(): Promise<{ arn: string; env: Record<string, string>; client: KMS }> {
    const server = await serve(["--port", "0", "--data", join(temporaryFolder(), "hsm"), "--json"]);
    const { endpoint, region, accessKeyId, secretAccessKey = "" } = server.started();
    const client = new KMS({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const { KeyMetadata } = await client.createKey({ Description: "root of the other one" });
    const env = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL_KMS: endpoint,
    };
    return { arn: KeyMetadata?.Arn ?? "", env, client };
  }

  test("wraps and opens everything, and no root key file is made", async () => {
    const { arn, env, client } = await otherKms();
    const data = join(temporaryFolder(), "data");
    const base = ["--data", data, "--root-key", `kms:${arn}`];
    const made = await kmslite(["init", ...base], { env });
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(made.stdout.toString()).toContain(`The root key came from kms:${arn}`);
    expect(readdirSync(data)).not.toContain("root.key");
    await kmslite(["keys", "create", "--alias", "alias/a", ...base], { env });
    const sealed = await kmslite(["encrypt", "-k", "alias/a", ...base], { env, input: "secret" });
    const byEnvironment = { ...env, KMSLITE_ROOT_KEY: `kms:${arn}` };
    const back = await kmslite(["decrypt", "--data", data], { env: byEnvironment, input: sealed.stdout });
    expect(back.stdout.toString()).toBe("secret");

    await client.disableKey({ KeyId: arn });
    const refused = await kmslite(["keys", "list", ...base], { env });
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("DisabledException")]);

    const other = (await client.createKey({})).KeyMetadata?.Arn;
    const wrong = await kmslite(["keys", "list", "--data", data, "--root-key", `kms:${other}`], { env });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("does not open the store")]);
  });

  test("is refused when the key is not there, and among the arguments a secret is", async () => {
    const { arn, env } = await otherKms();
    const data = join(temporaryFolder(), "data");
    const nowhere = arn.replace(/[0-9a-f]{12}$/, "000000000000");
    const missing = await kmslite(["init", "--data", data, "--root-key", `kms:${nowhere}`], { env });
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("NotFoundException")]);
    expect(existsSync(data)).toBe(false);
    const secret = await kmslite(["init", "--data", data, "--root-key", "5a".repeat(32)]);
    expect([secret.code, secret.stderr]).toEqual([2, expect.stringContaining("KMSLITE_ROOT_KEY")]);
  });

  test("a missing SDK is named", async () => {
    const env = without("@aws-sdk/client-kms");
    const args = ["init", "--root-key", "kms:alias/a"];
    const { code, stderr } = await kmslite(args, { env, cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([3, expect.stringContaining("npm install @aws-sdk/client-kms")]);
  });
});
