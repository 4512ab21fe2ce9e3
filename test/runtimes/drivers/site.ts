/** The site that browsers under test visit: one page, one script. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Scripts and workers of the page itself, and what they ask others; compiling WebAssembly is not among what is allowed. */
const NO_WASM = "default-src 'self'; connect-src *";
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>suite</title><script type="module" src="/bundle.js"></script>';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** On the name of loopback, which is a secure context, so that there are Web Crypto, service workers and passkeys. */
export async function serveSite(script: string, noWasm: boolean): Promise<Site> {
  const headers = { "cache-control": "no-store", ...(noWasm ? { "content-security-policy": NO_WASM } : {}) };
  const server = createServer(({ url }, response) => {
    if (url === "/bundle.js")
      response.writeHead(200, { ...headers, "content-type": "text/javascript" }).end(script);
    else if (url === "/") response.writeHead(200, { ...headers, "content-type": "text/html" }).end(PAGE);
    else response.writeHead(404, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
