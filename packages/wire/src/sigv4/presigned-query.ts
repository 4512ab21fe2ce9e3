/**
 * The query form of Signature Version 4: a presigned request, whose claim is in `X-Amz-*` parameters.
 *
 * AWS IAM User Guide, "Authentication methods", Query string. Its date is signed with the query; its
 * lifetime is its own `X-Amz-Expires`, a week at most, instead of the clock tolerance.
 */
import type { HeaderValues } from "./canonical-headers.ts";
import type { QueryParameter } from "./canonical-query.ts";
import { ALGORITHM } from "./canonical-request.ts";
import { parseSignedHeaders, type SignatureClaim } from "./claim.ts";
import { incompleteSignature, signatureMismatch } from "./error.ts";

/** One week: AWS IAM User Guide, "Authentication methods". */
const MAXIMUM_EXPIRES_SECONDS = 604_800;

const REQUIRED = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
] as const;
const ONCE: readonly string[] = [
  ...REQUIRED,
  "X-Amz-Expires",
  "X-Amz-Security-Token",
  "X-Amz-Content-Sha256",
];

/** Whether the request says that it is presigned. */
export function isPresigned(query: readonly QueryParameter[]): boolean {
  return query.some(({ name }) => name === "X-Amz-Algorithm");
}

/**
 * @throws {SignatureError} IncompleteSignatureException for a missing or malformed part;
 *         InvalidSignatureException for a parameter given twice or a SignedHeaders list that is not canonical
 */
export function parsePresignedQuery(query: readonly QueryParameter[], headers: HeaderValues): SignatureClaim {
  for (const once of ONCE) {
    if (query.filter(({ name }) => name === once).length > 1) throw signatureMismatch();
  }
  const value = (name: string): string | undefined =>
    query.find((parameter) => parameter.name === name)?.value;
  const [algorithm, credential, signature, signedHeaders, timestamp] = REQUIRED.map(value);
  if (!algorithm || !credential || !signature || !signedHeaders || !timestamp) {
    const missing = REQUIRED.filter((name) => !value(name)).map(
      (name) => `AWS query-string parameters must include '${name}'. `,
    );
    throw incompleteSignature(`${missing.join("")}Re-examine the query-string parameters.`);
  }
  if (algorithm !== ALGORITHM) {
    throw incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `);
  }
  const tokenInHeader = headers.get("x-amz-security-token")?.[0];
  const tokenInQuery = value("X-Amz-Security-Token");
  // Two tokens leave open which one was meant.
  if (tokenInHeader !== undefined && tokenInQuery !== undefined) throw signatureMismatch();
  return {
    form: "query",
    credential,
    signedHeaders: parseSignedHeaders(signedHeaders),
    signature,
    timestamp,
    timestampHeader: undefined,
    expiresSeconds: parseExpires(value("X-Amz-Expires")),
    sessionToken: tokenInQuery ?? tokenInHeader,
  };
}

function parseExpires(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw incompleteSignature("X-Amz-Expires should be a positive number");
  const seconds = Number(text);
  if (seconds > MAXIMUM_EXPIRES_SECONDS) {
    throw incompleteSignature(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less " +
        `than ${MAXIMUM_EXPIRES_SECONDS} seconds`,
    );
  }
  return seconds;
}
