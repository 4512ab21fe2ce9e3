/**
 * The client of the HTTP figures, in a process of its own: requests that were signed beforehand, written to sockets as they are, one under
 * way on each connection. It reads of an answer no more than its status and its length, so that the server is what is measured.
 */
import { connect, type Socket } from "node:net";

export interface LoadOrder {
  readonly port: number;
  /** Whole requests as they go over the wire, one for each connection. */
  readonly requests: readonly string[];
  readonly milliseconds: number;
}

/** @returns how many requests were answered with 200; @throws if one is not */
async function load({ port, requests, milliseconds }: LoadOrder): Promise<number> {
  const end = performance.now() + milliseconds;
  const counts = await Promise.all(requests.map((request) => exchangeUntil(end, port, Buffer.from(request))));
  return counts.reduce((sum, count) => sum + count, 0);
}

function exchangeUntil(end: number, port: number, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let count = 0;
    let received = "";
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => socket.write(request));
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("data", (text: string) => {
      received += text;
      const length = lengthOf(received);
      if (length === undefined || received.length < length) return;
      if (!received.startsWith("HTTP/1.1 200 ")) {
        socket.destroy();
        reject(new Error(received));
        return;
      }
      received = "";
      count++;
      if (performance.now() < end) {
        socket.write(request);
      } else {
        socket.destroy();
        resolve(count);
      }
    });
  });
}

/** Bytes of the whole answer, once its header is there; both servers say how long it is. */
function lengthOf(received: string): number | undefined {
  const header = received.indexOf("\r\n\r\n");
  if (header < 0) return undefined;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(received) ?? [];
  if (length === undefined) throw new Error("an answer without a length");
  return header + 4 + Number(length);
}

process.on("message", async (order: LoadOrder) => {
  const began = performance.now();
  const operations = await load(order);
  process.send?.({ operations, milliseconds: performance.now() - began });
});
process.send?.("ready");
