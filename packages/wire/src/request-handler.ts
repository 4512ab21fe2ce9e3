/**
 * The KMS inside the official SDK: `new KMSClient({ requestHandler })`, with no network at all.
 *
 * The SDK still signs its requests, so it wants credentials; any will do, since the caller is fixed here.
 */
import type { Caller, Service } from "@kmslite/service";

/** What the SDK hands to its request handler, as far as it is used here. */
export interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the SDK expects back. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** The SDK's `HttpHandler`. */
export interface SdkRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(
    request: SdkRequest,
    options?: { readonly abortSignal?: { readonly aborted: boolean } },
  ): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/** The protocol, from the first request on: whoever calls the methods alone never loads it. */
let exchange: typeof import("./exchange.ts").exchange | undefined;

/** A request handler for the SDK that serves one caller in this process. */
export function createRequestHandler(service: Service, caller: Caller): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: "h1" },
    handle: async (request, options) => {
      if (options?.abortSignal?.aborted === true) {
        throw Object.assign(new Error("Request aborted"), { name: "AbortError" });
      }
      exchange ??= (await import("./exchange.ts")).exchange;
      const { status, headers, body } = await exchange(
        service,
        { target: headerOf(request, "x-amz-target"), body: async () => bytesOf(request.body) },
        async (_body, requestId) => ({ ...caller, source: { ...caller.source, requestId } }),
      );
      const response = { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) };
      return { response };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  };
}

function headerOf(request: SdkRequest, name: string): string | undefined {
  const entry = Object.entries(request.headers).find(([key]) => key.toLowerCase() === name);
  return entry?.[1];
}

/** The JSON protocol's bodies are texts or bytes, never streams. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : "");
}
