/**
 * Drives WebKit, Debian's WebKitGTK with its own small browser, on a screen in memory.
 *
 * Under automation that browser keeps nothing when it ends, so what other runtimes show after a restart is shown here in a new page.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "../behaviours/platform.ts";
import { found } from "./browser.ts";
import { bundle } from "./bundle.ts";
import type { Runtime } from "./runtime.ts";
import { serveSite } from "./site.ts";
import { newSession, type WebDriverSession } from "./web-driver.ts";

const MINI_BROWSERS = ["x86_64", "aarch64"].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
);
const ASK = `
  const [question, where, done] = arguments;
  globalThis.ask(question, where).then((answer) => done({ answer }), (error) => done({ error: String(error) }));
`;

export function webkitRuntimes(): Runtime[] {
  return ["page", "dedicated worker", "service worker", "page without WebAssembly"].map(webkitRuntime);
}

function webkitRuntime(where: string): Runtime {
  return {
    name: `WebKit, ${where}`,
    find: async () =>
      found("WebKitWebDriver") && found("Xvfb") && MINI_BROWSERS.find((path) => existsSync(path)),
    start: async (binary) => {
      const site = await serveSite(await bundle("browser.ts"), where === "page without WebAssembly");
      const browser = await startBrowser(binary);
      return {
        version: () => `WebKitGTK ${browser.session.browserVersion}`,
        ask: async (question) => {
          await browser.session.goto(site.url);
          const place = where.replace(" without WebAssembly", "");
          const { answer, error } = (await browser.session.evaluate(
            ASK,
            JSON.stringify(question),
            place,
          )) as {
            readonly answer?: string;
            readonly error?: string;
          };
          if (answer === undefined) throw new Error(error);
          const given = JSON.parse(answer) as Answer;
          const outcomes = given.outcomes.map((outcome) => ({
            ...outcome,
            name: outcome.name.replace("after a restart", "in a new page"),
          }));
          return { ...given, outcomes };
        },
        stop: async () => {
          await browser.stop();
          await site.close();
        },
      };
    },
  };
}

async function startBrowser(binary: string): Promise<{ session: WebDriverSession; stop(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), "kmslite-webkit-"));
  const port = await freePort();
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, "exit");
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    // The server picks a free screen, and tells its number.
    const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp"], {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    children.push(screen);
    const [number] = (await once(screen.stdio[3] as NodeJS.ReadableStream, "data")) as [Buffer];
    const environment = {
      PATH: process.env["PATH"],
      DISPLAY: `:${String(number).trim()}`,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      NO_AT_BRIDGE: "1",
      GTK_A11Y: "none",
      LIBGL_ALWAYS_SOFTWARE: "1",
      WEBKIT_DISABLE_COMPOSITING_MODE: "1",
      // Its sandbox needs rights that containers lack.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    };
    children.push(spawn("WebKitWebDriver", [`--port=${port}`], { env: environment, stdio: "ignore" }));
    const driver = `http://127.0.0.1:${port}`;
    await answers(`${driver}/status`);
    const session = await newSession(driver, {
      "webkitgtk:browserOptions": { binary, args: ["--automation"] },
    });
    return {
      session,
      stop: async () => {
        await session.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error(`${url} does not answer`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
