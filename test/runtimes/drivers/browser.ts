/** Drives an installed browser, headless: page, dedicated worker, service worker, and a page where WebAssembly is forbidden. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import type { Answer } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import type { Runtime } from "./runtime.ts";

/** No sandbox, which needs rights that containers lack, and no calls of its own to anywhere. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Scripts and workers of the page itself; compiling WebAssembly is not among what is allowed. */
const NO_WASM = "default-src 'self'";

export function browserRuntimes(): Runtime[] {
  return (["chromium", "firefox-esr"] as const).flatMap((program) =>
    ["page", "dedicated worker", "service worker", "page without WebAssembly"].map((where) =>
      browserRuntime(program, where),
    ),
  );
}

function browserRuntime(program: "chromium" | "firefox-esr", where: string): Runtime {
  const kind = program === "chromium" ? "chrome" : "firefox";
  const name = `${program === "chromium" ? "Chromium" : "Firefox"}, ${where}`;
  return {
    name,
    find: async () => found(program),
    start: async (executablePath) => {
      const profile = mkdtempSync(join(tmpdir(), "kmslite-browser-"));
      const site = await serve(await bundle("browser.ts"), where === "page without WebAssembly");
      const open = (): Promise<Browser> =>
        launch({
          browser: kind,
          executablePath,
          headless: true,
          userDataDir: profile,
          protocolTimeout: 300_000,
          args: kind === "chrome" ? CHROMIUM_FLAGS : [],
        });
      let version = "";
      return {
        version: () => version,
        // A browser of its own each time, over the same profile: what it finds the second time was on the disk.
        ask: async (question) => {
          const browser = await open();
          try {
            version = await browser.version();
            const page = await browser.newPage();
            await page.goto(site.url);
            await page.waitForFunction(() => globalThis.ask !== undefined);
            const answered = await page.evaluate(
              (asked: string, place: string) =>
                (globalThis.ask as NonNullable<typeof globalThis.ask>)(asked, place),
              JSON.stringify(question),
              where.replace(" without WebAssembly", ""),
            );
            return JSON.parse(answered) as Answer;
          } finally {
            await browser.close();
          }
        },
        stop: async () => {
          await site.close();
          rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
        },
      };
    },
  };
}

function found(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}

/** On loopback, which is a secure context, so that there are Web Crypto and service workers. */
async function serve(script: string, noWasm: boolean) {
  const page =
    '<!doctype html><meta charset="utf-8"><title>suite</title><script type="module" src="/bundle.js"></script>';
  const headers = { "cache-control": "no-store", ...(noWasm ? { "content-security-policy": NO_WASM } : {}) };
  const server = createServer(({ url }, response) => {
    if (url === "/bundle.js")
      response.writeHead(200, { ...headers, "content-type": "text/javascript" }).end(script);
    else if (url === "/") response.writeHead(200, { ...headers, "content-type": "text/html" }).end(page);
    else response.writeHead(404, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
