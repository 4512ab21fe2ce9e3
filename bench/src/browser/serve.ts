/** Serves the page to the one browser that measures, on loopback only. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";

/** A page that is served, until it is closed. */
export interface ServedPage {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Loopback is a secure context, so that there is Web Crypto; isolation makes the clock as fine as 5 µs. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cache-control": "no-store",
};

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><script type="module" src="/page.js"></script></html>`;

export async function servePage(): Promise<ServedPage> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, "page.ts")],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
    // node-forge asks for these where there is Node.js only.
    external: ["crypto", "buffer"],
  });
  const script = bundle.outputFiles[0]?.contents ?? new Uint8Array(0);
  const server = createServer((request, response) => {
    if (request.url === "/page.js") {
      response.writeHead(200, { ...ISOLATION, "content-type": "text/javascript" }).end(script);
    } else if (request.url === "/") {
      response.writeHead(200, { ...ISOLATION, "content-type": "text/html" }).end(PAGE);
    } else {
      response.writeHead(404, ISOLATION).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
