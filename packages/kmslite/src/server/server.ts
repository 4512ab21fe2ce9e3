/**
 * The HTTP server: Node's own, around a function from request to response.
 */
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { urlOf } from "./address.ts";
import { noteConnection } from "./connections.ts";

export interface ServerOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  /** IP address to bind to. */
  readonly ip: string;
  /** 0 for any free one. */
  readonly port: number;
  /** PEM texts; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that accepts requests. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Accepts no more, and resolves when the requests in progress are answered. */
  stop(): Promise<void>;
}

/** A client that sends its headers or its body slower than this, in milliseconds, is cut off. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
/** Longer than the idle time of common proxies and SDKs, so that they close first and no request meets a closed door. */
const KEEP_ALIVE_TIMEOUT = 75_000;
/** How long requests in progress may take after the server was asked to stop. */
const STOP_TIMEOUT = 10_000;
const MAXIMUM_HEADER_BYTES = 16_384;

/** @throws the operating system's error, such as `EADDRINUSE`, if it can't listen there */
export async function listen(options: ServerOptions): Promise<RunningServer> {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    maxHeaderSize: MAXIMUM_HEADER_BYTES,
    connectionsCheckingInterval: 1000,
  };
  const respond = getRequestListener(
    (request, { incoming }) => {
      noteConnection(request, incoming.socket);
      return options.fetch(request);
    },
    { overrideGlobalObjects: false },
  );
  const server: Server =
    options.tls === undefined
      ? createHttpServer(limits, respond)
      : createHttpsServer({ ...limits, ...options.tls, minVersion: "TLSv1.2" }, respond);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.ip, port: options.port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const url = urlOf(options.tls === undefined ? "http" : "https", options.ip, port);
  return { url, port, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const tooLate = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT);
    // Idle connections are closed along with it.
    server.close(() => {
      clearTimeout(tooLate);
      resolve();
    });
  });
}
