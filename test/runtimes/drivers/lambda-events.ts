/**
 * HTTP requests as the events that AWS makes of them, and results as responses.
 *
 * AWS Lambda Developer Guide, "Invoking Lambda function URLs", request payload format 2.0; API Gateway Developer Guide, "Input format of
 * a Lambda function for proxy integration" (1.0).
 */
import type { IncomingMessage } from "node:http";

export type EventKind = "function URL" | "API Gateway REST";

export function eventOf(kind: EventKind, request: IncomingMessage, body: Buffer): object {
  const { method = "GET", url = "/" } = request;
  const { pathname, search, searchParams } = new URL(url, "http://lambda");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const common = { headers, body: body.toString("base64"), isBase64Encoded: true };
  if (kind === "function URL") {
    return {
      version: "2.0",
      routeKey: "$default",
      rawPath: pathname,
      rawQueryString: search.slice(1),
      requestContext: { http: { method, path: pathname, protocol: "HTTP/1.1" } },
      ...common,
    };
  }
  return {
    resource: "/{proxy+}",
    path: pathname,
    httpMethod: method,
    multiValueQueryStringParameters: Object.fromEntries(
      [...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]),
    ),
    requestContext: { httpMethod: method, path: pathname, stage: "prod" },
    ...common,
  };
}

export function responseOf(result: unknown): {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
} {
  const { statusCode, headers, body, isBase64Encoded } = result as {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly isBase64Encoded: boolean;
  };
  return { status: statusCode, headers, body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8") };
}
