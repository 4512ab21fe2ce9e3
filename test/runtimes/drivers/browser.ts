/** Drives an installed browser, headless: page, dedicated worker, service worker, and a page where WebAssembly is forbidden. */
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Browser, type LaunchOptions, launch, type Page } from "puppeteer-core";
import type { Answer, Outcome, Question } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import type { Runtime } from "./runtime.ts";
import { serveSite } from "./site.ts";

/** No sandbox, which needs rights that containers lack, no calls of its own to anywhere, and tabs that are not seen don't sleep. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
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
      let version = "";
      // A browser of its own each time, over the same profile: what it finds the second time was on the disk.
      const inBrowser = async <T>(use: (browser: Browser) => Promise<T>): Promise<T> => {
        const browser = await launched({
          browser: kind,
          executablePath,
          headless: true,
          userDataDir: profile,
          protocolTimeout: 300_000,
          args: kind === "chrome" ? CHROMIUM_FLAGS : [],
        });
        try {
          version = await browser.version();
          return await use(browser);
        } finally {
          await browser.close();
        }
      };
      const asked = async (browser: Browser, question: Question): Promise<Answer> =>
        ask(await visit(browser, site.url), question, where);
      return {
        version: () => version,
        ask: (question) =>
          inBrowser(async (browser) => {
            const answer = await asked(browser, question);
            if (name !== "Chromium, page" || question.phase !== "first") return answer;
            return { ...answer, outcomes: [...answer.outcomes, ...(await passkey(browser, site.url))] };
          }),
        // A tab each.
        askTogether: (questions) =>
          inBrowser(async (browser) => {
            const pages = await Promise.all(questions.map(() => visit(browser, site.url)));
            return Promise.all(pages.map((page, at) => ask(page, questions[at] as Question, where)));
          }),
        askAndKill: (question, time) =>
          inBrowser(async (browser) => {
            const child = browser.process();
            const { pid } = child ?? {};
            if (child === null || pid === undefined) throw new Error(`${program} has no process`);
            const page = await visit(browser, site.url);
            // Not waited for: what is under way when the browser goes would be nobody's to catch.
            await page.evaluate(
              (asked: string, place: string) => {
                void globalThis.ask?.(asked, place);
              },
              JSON.stringify(question),
              placeOf(where),
            );
            await time;
            // Its whole group: the browser, and what draws and stores for it.
            process.kill(-pid, "SIGKILL");
            if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
          }),
        stop: async () => {
          await site.close();
          rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
        },
      };
    },
  };
}

/** Puppeteer tidies the profile of a browser that was killed some moments after its end, and meanwhile can't start another. */
async function launched(options: LaunchOptions): Promise<Browser> {
  for (let tries = 0; ; tries++) {
    try {
      return await launch(options);
    } catch (error) {
      const tidying = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!tidying || tries === 20) throw error;
    }
    await wait(250);
  }
}

async function visit(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction(() => globalThis.ask !== undefined);
  return page;
}

async function ask(page: Page, question: Question, where: string): Promise<Answer> {
  const answered = await page.evaluate(
    (asked: string, place: string) => (globalThis.ask as NonNullable<typeof globalThis.ask>)(asked, place),
    JSON.stringify(question),
    placeOf(where),
  );
  return JSON.parse(answered) as Answer;
}

/** Where the page lets the suite run. */
function placeOf(where: string): string {
  return where.replace(" without WebAssembly", "");
}

/** An authenticator that the browser plays, with a user who is always there and agrees. Chrome DevTools Protocol, WebAuthn. */
async function passkey(browser: Browser, url: string): Promise<readonly Outcome[]> {
  const page = await visit(browser, url);
  const devTools = await page.createCDPSession();
  await devTools.send("WebAuthn.enable");
  await devTools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return (await ask(page, { phase: "passkey" }, "page")).outcomes;
}

/** Where in the search path a program is. */
export function found(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((path) => existsSync(path));
}
