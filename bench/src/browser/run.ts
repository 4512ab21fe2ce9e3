/** Runs the suites that a page can run in a browser that is installed here. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { launch } from "puppeteer-core";
import type { Progress, SuiteOptions, SuiteReport } from "../report.ts";
import { servePage } from "./serve.ts";

/** Headless, without a sandbox (which needs rights that containers lack), and without calls of its own to anywhere. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a browser measured, and which it was. */
export interface BrowserReport {
  readonly browser: string;
  readonly suites: readonly SuiteReport[];
}

/**
 * @param program a program in the search path, such as `chromium`, or the path of one
 * @throws if there is no such program, or the page fails
 */
export async function runInBrowser(
  program: string,
  names: readonly string[],
  progress: (name: string) => Progress,
  options: SuiteOptions,
): Promise<BrowserReport> {
  const executablePath = found(program);
  const page = await servePage();
  const userDataDir = mkdtempSync(join(tmpdir(), "kmslite-bench-"));
  const firefox = basename(executablePath).startsWith("firefox");
  const browser = await launch({
    browser: firefox ? "firefox" : "chrome",
    executablePath,
    args: firefox ? [] : FLAGS,
    userDataDir,
    protocolTimeout: 3_600_000,
  });
  try {
    const tab = await browser.newPage();
    const failures: unknown[] = [];
    tab.on("pageerror", (error) => failures.push(error));
    let report: Progress = () => {};
    await tab.exposeFunction("reportProgress", (line: string) => report(line));
    await tab.goto(page.url);
    const suites: SuiteReport[] = [];
    for (const name of names) {
      report = progress(name);
      const suite = await tab.evaluate((asked, given) => window.runSuite?.(asked, given), name, options);
      if (suite === undefined) throw new Error("The page did not load its script", { cause: failures[0] });
      suites.push(suite);
    }
    return { browser: await browser.version(), suites };
  } finally {
    await browser.close();
    await page.close();
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function found(program: string): string {
  if (existsSync(program)) return program;
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(directory, program);
    if (existsSync(path)) return path;
  }
  throw new Error(`There is no ${program} in the search path`);
}
