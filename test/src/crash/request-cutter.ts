/** Between a client and an HTTP server: passes requests on, and breaks the connection off at the Nth. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a request is broken off: before the server has seen it, before the client has seen the answer, or within the answer. */
export const PLACES = ["before the request", "before the answer", "within the answer"] as const;

export interface RequestCut {
  /** The request, from 1. */
  readonly request: number;
  readonly place: (typeof PLACES)[number];
  /** Whether nothing passes any more from then on. */
  readonly forGood: boolean;
}

export interface RequestCutter {
  readonly endpoint: string;
  /** Whether it came to that request. */
  readonly cut: boolean;
  stop(): Promise<void>;
}

export async function startRequestCutter(
  behind: string,
  { request: nth, place, forGood }: RequestCut,
): Promise<RequestCutter> {
  let count = 0;
  let cut = false;
  const server = createServer(async (request, response) => {
    count++;
    const here = count === nth;
    const broken = here || (forGood && cut);
    if (here) cut = true;
    if (broken && !(here && place !== "before the request")) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" && !PER_CONNECTION.has(name) ? [[name, value] as [string, string]] : [],
    );
    const answer = await fetch(behind, { method: "POST", headers, body: Buffer.concat(chunks) });
    const body = Buffer.from(await answer.arrayBuffer());
    if (here && place === "before the answer") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "",
      "content-length": body.length,
    });
    if (here) response.write(body.subarray(0, body.length >> 1), () => request.socket.destroy());
    else response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cut() {
      return cut;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Headers of one connection, which fetch sets itself. */
const PER_CONNECTION = new Set(["host", "connection", "content-length", "transfer-encoding", "expect"]);
