/** The function that Lambda calls. */
import type { FetchHandlerOptions, Kms } from "../kms.ts";
import { type LambdaEvent, type LambdaResult, requestOf, resultOf } from "./events.ts";

/** A KMS, and who may call it. */
export interface OpenedForLambda extends FetchHandlerOptions {
  readonly kms: Kms;
}

export type LambdaHandler = (event: LambdaEvent) => Promise<LambdaResult>;

/**
 * A handler for a function URL (of auth type NONE: the KMS itself verifies signatures) or for API Gateway.
 *
 * @param open makes the KMS; called at the first event and, if it failed, at the next, and kept for as long as Lambda keeps the
 * process
 */
export function lambdaHandler(open: () => Promise<OpenedForLambda>): LambdaHandler {
  let opening: Promise<(request: Request) => Promise<Response>> | undefined;
  return async (event) => {
    opening ??= open().then(({ kms, ...options }) => kms.fetchHandler(options));
    try {
      const handle = await opening;
      return await resultOf(await handle(requestOf(event)));
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
}
