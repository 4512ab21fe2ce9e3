/** The IndexedDB store in Chromium, its worker terminated at every step of a commit that a script can see. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { build } from "esbuild";
import { launch } from "puppeteer-core";
import { expect, test } from "vitest";
import type { WorkerEnd } from "./indexeddb-page.ts";

const chromium = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "chromium"))
  .find((path) => existsSync(path));
if (chromium === undefined)
  console.warn("skipped: IndexedDB cut off at every step (Chromium is not installed)");

/** Workers at a time: it takes the browser a while to end one that stands still. */
const TOGETHER = 16;

test.runIf(chromium !== undefined)(
  "its worker terminated at every step of a commit, it holds all of it or nothing",
  async () => {
    const server = await serve();
    const browser = await launch({
      executablePath: chromium ?? "",
      headless: true,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      protocolTimeout: 240_000,
    });
    const ends: WorkerEnd[] = [];
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => globalThis.commitUntilStep !== undefined);
      while (ends.every(({ cut }) => cut)) {
        const steps = Array.from({ length: TOGETHER }, (_, index) => ends.length + index + 1);
        ends.push(
          ...(await page.evaluate(
            (asked) =>
              Promise.all(
                asked.map((step) =>
                  (globalThis.commitUntilStep as (step: number) => Promise<WorkerEnd>)(step),
                ),
              ),
            steps,
          )),
        );
      }
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
    expect(ends.filter(({ state }) => state !== "nothing" && state !== "all")).toEqual([]);
    expect(ends.filter(({ acknowledged, state }) => acknowledged && state !== "all")).toEqual([]);
    expect(ends[0]).toEqual({ cut: true, acknowledged: false, state: "nothing" });
    // It stood still after the transaction was complete, and before anybody was told.
    expect(ends).toContainEqual({ cut: true, acknowledged: false, state: "all" });
    expect(ends.at(-1)).toEqual({ cut: false, acknowledged: true, state: "all" });
  },
  300_000,
);

/** A page that is isolated from others, so that its workers may wait on shared memory. */
async function serve(): Promise<Server> {
  const entryPoints = [join(import.meta.dirname, "indexeddb-page.ts")];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "esm", write: false });
  const script = outputFiles[0]?.text ?? "";
  const server = createServer(({ url }, response) => {
    const isScript = url === "/bundle.js";
    response
      .writeHead(200, {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "content-type": isScript ? "text/javascript" : "text/html",
      })
      .end(isScript ? script : '<!doctype html><script type="module" src="/bundle.js"></script>');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
