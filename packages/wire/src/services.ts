/**
 * The services behind one endpoint. AWS tells them apart by host name; here it is the credential scope that says for which of them
 * a request was signed.
 */
import type { Protocol } from "./protocol.ts";

/** The services besides the KMS. What answers for them is loaded with the first request. */
const OTHERS: Readonly<Record<string, () => Promise<Protocol>>> = {
  cloudtrail: async () => (await import("./cloudtrail/exchange.ts")).cloudTrailExchange,
  sts: async () => (await import("./sts/exchange.ts")).stsExchange,
};

const SCOPE = /(?:^|[ ,])Credential=[^/, ]+\/[^/, ]*\/[^/, ]*\/([^/, ]+)\/aws4_request(?:,|$)/;
const QUERY_SCOPE = /[?&]X-Amz-Credential=[^&]*?%2F([a-z0-9-]+)%2Faws4_request(?:&|$)/i;

/**
 * The service that a request says it is signed for, `kms` if it says none or another one than are here. It is a claim: the
 * signature must then be verified for that service.
 *
 * @param search the query as it was sent
 */
export function serviceOf(headers: Headers, search: string): string {
  const authorization = headers.get("authorization");
  const scope = authorization === null ? QUERY_SCOPE.exec(search) : SCOPE.exec(authorization);
  const name = scope?.[1];
  return name !== undefined && Object.hasOwn(OTHERS, name) ? name : "kms";
}

/** The protocol of a service other than the KMS. */
export function otherProtocol(service: string): Promise<Protocol> | undefined {
  return Object.hasOwn(OTHERS, service) ? OTHERS[service]?.() : undefined;
}
