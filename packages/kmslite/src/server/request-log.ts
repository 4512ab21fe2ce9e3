/**
 * One line for each request: when, which operation, how it ended, how long it took. Nothing of what was in it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { FetchHandlerOptions } from "../kms.ts";

type Exchange = Parameters<NonNullable<FetchHandlerOptions["onExchange"]>>[0];

/** What is logged of a request. The operation is a name of the API, never a text of the client's. */
export interface RequestLine {
  readonly time: string;
  readonly operation: string | undefined;
  readonly status: number;
  readonly error: string | undefined;
  readonly milliseconds: number;
}

/** Wraps a handler so that each request is logged. */
export function withRequestLog(
  make: (onExchange: (exchange: Exchange) => void) => (request: Request) => Promise<Response>,
  write: (line: RequestLine) => void,
): (request: Request) => Promise<Response> {
  // The handler tells of an exchange without saying of which request; the context of the call does.
  const current = new AsyncLocalStorage<{ exchange?: Exchange }>();
  const handler = make((exchange) => {
    const holder = current.getStore();
    if (holder !== undefined) holder.exchange = exchange;
  });
  return (request) =>
    current.run({}, async () => {
      const holder = current.getStore();
      const began = performance.now();
      const response = await handler(request);
      write({
        time: new Date().toISOString(),
        operation: holder?.exchange?.operation,
        status: response.status,
        error: holder?.exchange?.error,
        milliseconds: Math.round((performance.now() - began) * 100) / 100,
      });
      return response;
    });
}

/** The line for people. */
export function textOf({ time, operation, status, error, milliseconds }: RequestLine): string {
  return [time, operation ?? "-", status, ...(error === undefined ? [] : [error]), `${milliseconds} ms`].join(
    " ",
  );
}
