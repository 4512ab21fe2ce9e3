/**
 * Which headers a signature must cover, and which may not be repeated.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 1: the signed headers must include `host`,
 * `content-type` if the request has one, and every `x-amz-*` header. Here this is a condition of
 * acceptance: a signature that leaves `x-amz-target` out would let whoever holds the request choose another
 * operation for it.
 */
import type { HeaderValues } from "./canonical-headers.ts";
import { invalidSignature } from "./error.ts";

/** Headers that have one value without commas; a comma means that two were folded into one. */
const NEVER_FOLDED: ReadonlySet<string> = new Set([
  "content-length",
  "content-type",
  "host",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-target",
]);

/** Headers besides `x-amz-*` that may come once only. */
const NEVER_REPEATED: ReadonlySet<string> = new Set([...NEVER_FOLDED, "authorization", "date"]);

/**
 * Two values of a header are an invitation to check one and use the other.
 *
 * @throws {SignatureError} InvalidSignatureException
 */
export function refuseRepeatedHeaders(headers: HeaderValues): void {
  for (const [name, values] of headers) {
    const repeated = values.length > 1 && (NEVER_REPEATED.has(name) || name.startsWith("x-amz-"));
    const folded = NEVER_FOLDED.has(name) && values.some((value) => value.includes(","));
    if (repeated || folded) throw invalidSignature(`Header '${name}' must have exactly one value.`);
  }
}

/**
 * @param timestampHeader  the header that the signing time was read from, if it was one
 * @throws {SignatureError} InvalidSignatureException that names the first header left out
 */
export function requireSignedHeaders(
  headers: HeaderValues,
  signedHeaders: readonly string[],
  timestampHeader: string | undefined,
): void {
  const signed = new Set(signedHeaders);
  if (!signed.has("host")) {
    throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const name of headers.keys()) {
    const required = name.startsWith("x-amz-") || name === "content-type" || name === timestampHeader;
    if (required && !signed.has(name)) {
      throw invalidSignature(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }
}
