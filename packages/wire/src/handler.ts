/**
 * The KMS over Fetch: one function from `Request` to `Response`, for any server that speaks them.
 */
import { type Caller, KmsError, type Service } from "@kmslite/service";
import type { Authenticate } from "./authenticate.ts";
import { type ConnectionOf, sourceOf } from "./connection.ts";
import { type Answer, CONTENT_TYPE, exchange } from "./exchange.ts";
import { otherProtocol, serviceOf } from "./services.ts";

/** 1 MiB: well above the largest request that the API allows. */
export const DEFAULT_MAXIMUM_BODY_BYTES = 1_048_576;

export interface HandlerOptions {
  readonly service: Service;
  /** Establishes the caller; every request is refused that it refuses. */
  readonly authenticate: Authenticate;
  /** Bodies beyond this are refused unread; 1 MiB unless given. */
  readonly maximumBodyBytes?: number;
  /** What the server knows of a request's connection; nothing unless given. */
  readonly connectionOf?: ConnectionOf;
  /** Told of each exchange after it: operation, status and error name, nothing of the contents. */
  readonly onExchange?: (answer: Pick<Answer, "operation" | "status" | "error">) => void;
}

/** Makes the handler. It never throws: whatever happens is an answer of the protocol. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const maximum = options.maximumBodyBytes ?? DEFAULT_MAXIMUM_BODY_BYTES;
  return async (request) => {
    const { method, headers } = request;
    const { pathname, search } = rawUrl(request.url);
    const name = serviceOf(headers, search);
    const connection = options.connectionOf?.(request);
    const body = () => readBody(request, maximum);
    const caller = async (bytes: Uint8Array, requestId: string): Promise<Caller> => {
      const signed = { method, url: pathname + search, headers, body: bytes };
      const who = await options.authenticate(signed, name);
      return { ...who, source: sourceOf(request, requestId, connection) };
    };
    const protocol = otherProtocol(name);
    const answer =
      protocol === undefined
        ? await exchange(
            options.service,
            { target: headers.get("x-amz-target"), body },
            async (bytes, requestId) => {
              const who = await caller(bytes, requestId);
              assertRoute(request);
              return who;
            },
          )
        : await (await protocol)(options.service, { method, headers, search, body, caller });
    options.onExchange?.(answer);
    return new Response(answer.body === "" ? null : answer.body, {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

/** Path and query as they were sent: the part of the URL behind its authority. */
function rawUrl(url: string): { readonly pathname: string; readonly search: string } {
  const authority = url.indexOf("//") + 2;
  const path = url.indexOf("/", authority);
  const pathAndQuery = path < 0 ? "/" : url.slice(path);
  const query = pathAndQuery.indexOf("?");
  if (query < 0) return { pathname: pathAndQuery, search: "" };
  return { pathname: pathAndQuery.slice(0, query), search: pathAndQuery.slice(query) };
}

/** The protocol of the KMS has one route. */
function assertRoute(request: Request): void {
  const [contentType = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (request.method !== "POST" || contentType.trim().toLowerCase() !== CONTENT_TYPE) {
    throw new KmsError("UnknownOperationException", "");
  }
}

async function readBody(request: Request, maximum: number): Promise<Uint8Array> {
  const stated = request.headers.get("content-length");
  if (Number(stated ?? 0) > maximum) throw tooLarge(maximum);
  if (stated !== null && /^[0-9]+$/.test(stated)) {
    // Servers hold a body to its stated length (RFC 9112 §6.2), and read it whole with far less effort than as a stream.
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.length > maximum) throw tooLarge(maximum);
    return body;
  }
  if (request.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maximum) {
      await reader.cancel();
      throw tooLarge(maximum);
    }
    chunks.push(value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

function tooLarge(maximum: number): KmsError {
  return new KmsError("RequestEntityTooLargeException", `The request body is larger than ${maximum} bytes`);
}
