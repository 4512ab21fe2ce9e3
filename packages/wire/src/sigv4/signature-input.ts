/**
 * From a request to its signature, with every value in between.
 *
 * AWS IAM User Guide, "Create a signed AWS API request". The verifier calculates what the sender should
 * have calculated; whoever debugs a signer compares the intermediate values.
 */
import { canonicalHeaders, type HeaderValues } from "./canonical-headers.ts";
import { canonicalPath } from "./canonical-path.ts";
import { canonicalQuery, type QueryParameter } from "./canonical-query.ts";
import { type CredentialScope, canonicalRequest, hashHex, stringToSign } from "./canonical-request.ts";

/** A request taken apart. */
export interface RequestParts {
  readonly method: string;
  /** raw path */
  readonly path: string;
  readonly query: readonly QueryParameter[];
  readonly headers: HeaderValues;
  readonly body: Uint8Array;
}

/** How a request is, or was, signed. */
export interface SignatureTerms {
  readonly form: "header" | "query";
  readonly scope: CredentialScope;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly timestamp: string;
  readonly signedHeaders: readonly string[];
  /** false for services that sign the path as it is; true if not given */
  readonly normalizePath?: boolean;
}

/** What a signature is calculated over. */
export interface SignatureInput {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

/**
 * @returns undefined if the request has no canonical form, and so nobody can have signed it: a signed header
 *          is absent or not printable ASCII, the method is no method, or a stated body hash is not the body's
 */
export function signatureInput(parts: RequestParts, terms: SignatureTerms): SignatureInput | undefined {
  const headers = canonicalHeaders(parts.headers, terms.signedHeaders);
  const payloadHash = hashHex(parts.body);
  if (headers === undefined || !METHOD.test(parts.method)) return undefined;
  if (!statedBodyHashes(parts).every((stated) => stated === payloadHash)) return undefined;
  const canonical = canonicalRequest({
    method: parts.method,
    path: canonicalPath(parts.path, terms.normalizePath),
    query: canonicalQuery(parts.query, terms.form === "query" ? "X-Amz-Signature" : undefined),
    headers,
    signedHeaders: terms.signedHeaders,
    payloadHash,
  });
  return {
    canonicalRequest: canonical,
    stringToSign: stringToSign(terms.timestamp, terms.scope, canonical),
  };
}

/**
 * The body hashes that a request states. `UNSIGNED-PAYLOAD` and the `STREAMING-…` values of Amazon S3 are
 * never the hash of a body, and so such a request has no canonical form here.
 */
function statedBodyHashes({ headers, query }: RequestParts): readonly string[] {
  return [
    ...(headers.get("x-amz-content-sha256") ?? []),
    ...query.filter(({ name }) => name === "X-Amz-Content-Sha256").map(({ value }) => value),
  ];
}

/** Method names of HTTP are case-sensitive; AWS uses those in capital letters only. */
const METHOD = /^[A-Z]+$/;
