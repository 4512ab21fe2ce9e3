/** Lambda's events of function URLs and API Gateway, to Fetch requests and back, without changing what a client signed. */

/** What an event of payload format 1.0 (REST APIs) or 2.0 (function URLs, HTTP APIs) has of a request. */
export interface LambdaEvent {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  /** Format 2.0: path and query as they were sent. */
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  /** Format 1.0: the query, decoded. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly requestContext?: {
    /** Format 2.0. */
    readonly http?: { readonly method: string; readonly sourceIp?: string };
    /** Format 1.0. */
    readonly identity?: { readonly sourceIp?: string };
    /** Format 1.0: the path as it was sent, with its stage. */
    readonly path?: string;
  };
  /** Format 1.0. */
  readonly httpMethod?: string;
  readonly path?: string;
}

/** What both formats take as an answer. */
export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * The request of an event; `undefined` for one that Fetch does not allow, such as a GET with a body.
 *
 * @throws {TypeError} if it is no event of an HTTP request
 */
export function requestOf(event: LambdaEvent): Request | undefined {
  const method = event.requestContext?.http?.method ?? event.httpMethod;
  const path = event.rawPath ?? event.requestContext?.path ?? event.path;
  if (method === undefined || path === undefined)
    throw new TypeError("Lambda event: expected one of a function URL or of API Gateway");
  try {
    const headers = new Headers();
    for (const [name, value] of Object.entries(event.headers ?? {}))
      if (value !== undefined) headers.set(name, value);
    const query = event.rawQueryString ?? queryOf(event.multiValueQueryStringParameters ?? {});
    const url = `https://${headers.get("host") ?? "lambda"}${path}${query === "" ? "" : `?${query}`}`;
    const body = bodyOf(event);
    return new Request(url, { method, headers, body: body.length === 0 ? null : body });
  } catch {
    return undefined;
  }
}

/** The IP address of the client. */
export function sourceIpOf({ requestContext }: LambdaEvent): string | undefined {
  return requestContext?.http?.sourceIp ?? requestContext?.identity?.sourceIp;
}

export async function resultOf(response: Response): Promise<LambdaResult> {
  const headers = Object.fromEntries(response.headers);
  // The protocol's answers are JSON.
  return { statusCode: response.status, headers, body: await response.text(), isBase64Encoded: false };
}

function bodyOf({ body, isBase64Encoded = false }: LambdaEvent): Uint8Array<ArrayBuffer> {
  if (body === undefined || body === null) return new Uint8Array(0);
  if (!isBase64Encoded) return new TextEncoder().encode(body);
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}

function queryOf(parameters: Readonly<Record<string, readonly string[] | undefined>>): string {
  return Object.entries(parameters)
    .flatMap(([name, values = []]) =>
      values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
    )
    .join("&");
}
