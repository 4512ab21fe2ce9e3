/** Every example is built with its platform's own tool and run in its platform, with the packages as they would be published. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoDbTable } from "@kmslite/store/dynamodb";
import { launch } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalDynamoDb, startDynamoDb } from "../dynamodb/local-dynamodb.ts";
import { lambdaRequestHandler } from "./lambda-events.ts";
import { type Packed, pack, runScript } from "./packed.ts";
import { ACCESS_KEY, ROOT_KEY, useThroughSdk } from "./sdk.ts";
import { startServer } from "./server-process.ts";
import { startEdgeFunction } from "./vercel-edge.ts";

const root = join(import.meta.dirname, "../../..");
/** What `pnpm runtimes:install` installs. */
const runtime = (path: string): string => join(root, "test/runtimes/node_modules", path);
const chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const hasSqlite = major > 22 || (major === 22 && minor >= 13);

const SECRETS = {
  KMSLITE_ROOT_KEY: ROOT_KEY,
  KMSLITE_ACCESS_KEY_ID: ACCESS_KEY.accessKeyId,
  KMSLITE_SECRET_ACCESS_KEY: ACCESS_KEY.secretAccessKey,
};

let packed: Packed;
let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  packed = pack();
  dynamoDb = await startDynamoDb();
}, 300_000);

afterAll(async () => {
  await dynamoDb?.stop();
  packed?.remove();
});

test("every example is tested here, and has a README and a guide", () => {
  const examples = readdirSync(join(root, "examples"));
  const source = readFileSync(import.meta.filename, "utf8");
  for (const example of examples) {
    expect(source, example).toContain(`install("${example}")`);
    const guide = /\(\.\.\/\.\.\/(docs\/guides\/[a-z-]+\.md)\)/.exec(
      readFileSync(join(root, "examples", example, "README.md"), "utf8"),
    )?.[1];
    expect(existsSync(join(root, guide ?? "no guide")), example).toBe(true);
  }
});

test.skipIf(!hasSqlite)("Node.js: notes are kept sealed, and read by the next process", () => {
  const cwd = packed.install("node");
  const notes = (...text: string[]) =>
    execFileSync(process.execPath, ["notes.js", ...text], { cwd, encoding: "utf8" });
  expect(notes("buy milk")).toBe("buy milk\n");
  expect(notes()).toBe("buy milk\n");
  expect(readFileSync(join(cwd, "notes.txt"), "utf8")).not.toContain("milk");
});

test.skipIf(!existsSync(runtime("bun/bin/bun.exe")))("Bun: a server for the SDK", async () => {
  const cwd = packed.install("bun");
  let blob: Uint8Array | undefined;
  for (let start = 0; start < 2; start++) {
    const env = { ...SECRETS, PORT: "0" };
    const server = await startServer(runtime("bun/bin/bun.exe"), ["server.js"], { cwd, env });
    try {
      blob = await useThroughSdk({ endpoint: server.url }, blob);
    } finally {
      await server.stop();
    }
  }
});

test.skipIf(!existsSync(runtime("deno/deno")))("Deno: the vault opens after a restart", async () => {
  const cwd = packed.install("deno");
  const permissions = ["--unstable-kv", "--allow-env", "--allow-net", "--allow-read", "--allow-write"];
  for (let start = 0; start < 2; start++) {
    const env = { ...SECRETS, PORT: "0", DENO_NO_UPDATE_CHECK: "1" };
    const server = await startServer(runtime("deno/deno"), ["run", ...permissions, "main.ts"], { cwd, env });
    try {
      if (start === 0) await fetch(`${server.url}/door`, { method: "PUT", body: "open sesame" });
      else expect(await (await fetch(`${server.url}/door`)).text()).toBe("open sesame");
    } finally {
      await server.stop();
    }
  }
});

test("AWS Lambda: esbuild bundles it, and the SDK's requests reach it as events of a function URL", async () => {
  const cwd = packed.install("aws-lambda");
  runScript(cwd, "build");
  await createTable("lambda");
  Object.assign(process.env, {
    ...SECRETS,
    KMSLITE_TABLE: "lambda",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
  });
  const { handler } = await import(pathToFileURL(join(cwd, "dist/handler.mjs")).href);
  await useThroughSdk({ requestHandler: lambdaRequestHandler(handler) });
});

test.skipIf(!existsSync(runtime("edge-runtime/dist/index.js")))(
  "Vercel: the edge function seals and opens",
  async () => {
    const cwd = packed.install("vercel-edge");
    await createTable("edge");
    const post = await startEdgeFunction(cwd, "api/seal.js", {
      ...SECRETS,
      KMSLITE_TABLE: "edge",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "any",
      DYNAMODB_ENDPOINT: dynamoDb.endpoint,
      SEAL_TOKEN: "token",
    });
    expect((await post("/api/seal", "open sesame", "wrong")).status).toBe(401);
    const sealed = new Uint8Array(await (await post("/api/seal", "open sesame", "token")).arrayBuffer());
    expect(sealed.length).toBeGreaterThan(100);
    expect(await (await post("/api/seal?open", sealed, "token")).text()).toBe("open sesame");
  },
);

test.skipIf(!existsSync(runtime("wrangler/bin/wrangler.js")))(
  "Cloudflare: wrangler builds the Worker and serves it, and the keys outlive it",
  async () => {
    const cwd = packed.install("cloudflare-worker");
    writeFileSync(
      join(cwd, ".dev.vars"),
      Object.entries(SECRETS)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join(""),
    );
    const env = { CI: "1", WRANGLER_SEND_METRICS: "false", NO_UPDATE_NOTIFIER: "1", XDG_CONFIG_HOME: cwd };
    const parameters = [runtime("wrangler/bin/wrangler.js"), "dev", "--ip", "127.0.0.1", "--port", "0"];
    let blob: Uint8Array | undefined;
    for (let start = 0; start < 2; start++) {
      const server = await startServer(process.execPath, parameters, { cwd, env });
      try {
        blob = await useThroughSdk({ endpoint: server.url }, blob);
      } finally {
        await server.stop();
      }
    }
  },
);

test.skipIf(chromium === undefined)(
  "browser: Vite builds the diary, and a page that is loaded again reads it",
  async () => {
    const cwd = packed.install("browser-vite");
    runScript(cwd, "build");
    const vite = join(root, "test/node_modules/vite/bin/vite.js");
    const parameters = [vite, "preview", "--host", "127.0.0.1", "--port", "0"];
    const server = await startServer(process.execPath, parameters, { cwd, env: { NO_COLOR: "1" } });
    const browser = await launch({
      executablePath: chromium as string,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.type("#text", "buy milk");
      await page.waitForSelector("button:enabled").then((button) => button?.click());
      const entry = () =>
        page.waitForSelector("#entries li").then((item) => item?.evaluate((li) => li.textContent));
      expect(await entry()).toBe("buy milk");
      await page.reload();
      expect(await entry()).toBe("buy milk");
      expect(await page.evaluate(() => localStorage.getItem("diary"))).not.toContain("milk");
    } finally {
      await browser.close();
      await server.stop();
    }
  },
);

async function createTable(name: string): Promise<void> {
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  const client = new DynamoDBClient({ region: "us-east-1", endpoint: dynamoDb.endpoint, credentials });
  await createDynamoDbTable(client, name);
  client.destroy();
}
