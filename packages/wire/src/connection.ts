/** What is known of how a request came, besides the request itself. */
import type { RequestSource } from "@kmslite/service";

/** What only the server knows. */
export interface Connection {
  /** IP address of the client. */
  readonly ip?: string | undefined;
  /** Whether the client's connection is encrypted; by the URL's scheme unless given. */
  readonly tls?: boolean | undefined;
}

/** The connection of a request; `undefined` if nothing is known of it. */
export type ConnectionOf = (request: Request) => Connection | undefined;

/** The source of a request, for policies and for the audit. */
export function sourceOf(
  request: Request,
  requestId: string,
  connection: Connection | undefined,
): RequestSource {
  const { ip, tls = request.url.startsWith("https:") } = connection ?? {};
  const userAgent = request.headers.get("user-agent");
  return {
    ...(ip === undefined ? {} : { ip }),
    ...(userAgent === null ? {} : { userAgent }),
    requestId,
    tls,
  };
}
