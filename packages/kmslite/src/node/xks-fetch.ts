/**
 * HTTPS to external key store proxies, where the platform's `fetch` will not do: for proxies whose certificate comes from a private
 * authority, that want a client certificate, or that listen elsewhere than on port 443 of the host in their name.
 */
import type { IncomingMessage } from "node:http";

export interface XksFetchOptions {
  /** PEM of the authorities that proxies' certificates may come from; the platform's own unless given. */
  readonly ca?: string;
  /** PEM of the client certificate and its private key, for proxies that want mutual TLS. */
  readonly client?: { readonly cert: string; readonly key: string };
  /** Where the proxy of a host name listens, if not on port 443 of that host. Its certificate is checked against the name still. */
  readonly connectTo?: (hostname: string) => { readonly host: string; readonly port: number } | undefined;
}

/** For `keyStores.xksFetch`. Connections are kept open, so that most requests need no handshake. */
export function xksFetch(options: XksFetchOptions = {}): (request: Request) => Promise<Response> {
  // Not a static import: `node:https` takes as long to load as all of KMSLite.
  const { Agent, request: httpsRequest } = process.getBuiltinModule("node:https");
  const agent = new Agent({
    keepAlive: true,
    minVersion: "TLSv1.2",
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...options.client,
  });
  return async (request) => {
    const url = new URL(request.url);
    const { host, port } = options.connectTo?.(url.hostname) ?? { host: url.hostname, port: 443 };
    const body = Buffer.from(await request.arrayBuffer());
    const headers = { ...Object.fromEntries(request.headers), host: url.host, "content-length": body.length };
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        {
          agent,
          host,
          port,
          servername: url.hostname,
          path: url.pathname,
          method: "POST",
          headers,
          signal: request.signal,
        },
        (answer) => {
          answer.on("error", reject);
          try {
            resolve(responseOf(answer));
          } catch (error) {
            // Some statuses no Response can have. Nobody would catch what is thrown here.
            answer.destroy();
            reject(error);
          }
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  };
}

/** The body is streamed, so that whoever reads it decides how much is too much. @throws for statuses that no answer may have */
function responseOf(answer: IncomingMessage): Response {
  const { Readable } = process.getBuiltinModule("node:stream");
  const body = Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(body, { status: answer.statusCode ?? 502 });
}
