/** The function that Lambda calls. */
import type { FetchHandlerOptions, Kms } from "../kms.ts";
import { type LambdaEvent, type LambdaResult, requestOf, resultOf, sourceIpOf } from "./events.ts";

/** A KMS, and who may call it. */
export interface OpenedForLambda extends FetchHandlerOptions {
  readonly kms: Kms;
}

export type LambdaHandler = (event: LambdaEvent) => Promise<LambdaResult>;

/** To a request that HTTP allows and Fetch does not. */
const UNUSABLE: LambdaResult = {
  statusCode: 400,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: '{"__type":"SerializationException"}',
  isBase64Encoded: false,
};

/**
 * A handler for a function URL (of auth type NONE: the KMS itself verifies signatures) or for API Gateway.
 *
 * @param open makes the KMS; called at the first event and, if it failed, at the next, and kept for as long as Lambda keeps the
 * process
 */
export function lambdaHandler(open: () => Promise<OpenedForLambda>): LambdaHandler {
  const sources = new WeakMap<Request, string | undefined>();
  // What stands before a function speaks TLS alone.
  const connectionOf = (request: Request) => ({ ip: sources.get(request), tls: true });
  let opening: Promise<(request: Request) => Promise<Response>> | undefined;
  return async (event) => {
    opening ??= open().then(({ kms, ...options }) => kms.fetchHandler({ connectionOf, ...options }));
    let handle: (request: Request) => Promise<Response>;
    try {
      handle = await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
    // What a client sends must not have the KMS opened anew.
    const request = requestOf(event);
    if (request === undefined) return UNUSABLE;
    sources.set(request, sourceIpOf(event));
    return resultOf(await handle(request));
  };
}
