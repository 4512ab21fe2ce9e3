/** Hears what instances acknowledged before they were killed: an address on loopback that any of them can post to. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Acknowledgements {
  readonly url: string;
  /** Names by store. */
  readonly heard: Readonly<Record<string, readonly string[]>>;
  /** Resolves at the next acknowledgement. */
  next(): Promise<void>;
  close(): Promise<void>;
}

export async function hearAcknowledgements(): Promise<Acknowledgements> {
  const heard: Record<string, string[]> = {};
  let waiting: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      // Whoever told it was killed before it had told it all.
      return;
    }
    const [store, name] = JSON.parse(body) as [string, string];
    heard[store] ??= [];
    heard[store].push(name);
    for (const resolve of waiting.splice(0)) resolve();
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    close: async () => {
      waiting = [];
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
