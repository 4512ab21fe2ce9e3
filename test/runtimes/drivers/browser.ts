/** Drives an installed browser, headless: page, dedicated worker, service worker, and a page where WebAssembly is forbidden. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import type { Answer } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import type { Runtime } from "./runtime.ts";
import { serveSite } from "./site.ts";

/** No sandbox, which needs rights that containers lack, and no calls of its own to anywhere. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
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
      const site = await serveSite(await bundle("browser.ts"), where === "page without WebAssembly");
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

/** Where in the search path a program is. */
export function found(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}
