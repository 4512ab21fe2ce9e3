/**
 * The canonical request and the string to sign.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", steps 1 to 3. Pure functions of their arguments,
 * so that each of the official test suite's intermediate values can be compared.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

export const ALGORITHM = "AWS4-HMAC-SHA256";
export const TERMINATOR = "aws4_request";

/** What a signature is bound to besides the request: `date/region/service/aws4_request`. */
export interface CredentialScope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** The six parts of a canonical request, each already canonical. */
interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** header lines, each ended by a line feed */
  readonly headers: string;
  readonly signedHeaders: readonly string[];
  /** SHA-256 of the body, 64 lower-case hexadecimal digits */
  readonly payloadHash: string;
}

export function canonicalRequest(parts: CanonicalParts): string {
  return [
    parts.method,
    parts.path,
    parts.query,
    parts.headers,
    parts.signedHeaders.join(";"),
    parts.payloadHash,
  ].join("\n");
}

/** @param timestamp  `YYYYMMDDTHHMMSSZ` */
export function stringToSign(timestamp: string, scope: CredentialScope, request: string): string {
  return [ALGORITHM, timestamp, formatScope(scope), hashHex(utf8ToBytes(request))].join("\n");
}

export function formatScope({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/${TERMINATOR}`;
}

/** SHA-256 in lower-case hexadecimal. */
export function hashHex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
