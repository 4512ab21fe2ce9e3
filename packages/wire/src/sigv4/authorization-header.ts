/**
 * The header form of Signature Version 4:
 * `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
 *
 * AWS IAM User Guide, "Elements of an AWS API request signature". The grammar is the one every signer
 * writes and nothing wider: parameters separated by a comma and at most one space, each once, no others.
 * Two headers that something folded into one do not parse.
 */

import type { HeaderValues } from "./canonical-headers.ts";
import { ALGORITHM } from "./canonical-request.ts";
import { parseSignedHeaders, type SignatureClaim } from "./claim.ts";
import { hashedForMessage, incompleteSignature, missingAuthentication } from "./error.ts";

const PARAMETERS = ["Credential", "Signature", "SignedHeaders"] as const;

/**
 * @throws {SignatureError} MissingAuthenticationTokenException for another scheme;
 *         IncompleteSignatureException for a missing or malformed part, or without a date;
 *         InvalidSignatureException for a SignedHeaders list that is not canonical
 */
export function parseAuthorizationHeader(authorization: string, headers: HeaderValues): SignatureClaim {
  if (!authorization.startsWith("AWS4-")) throw missingAuthentication();
  const [algorithm, list] = splitOnce(authorization, " ");
  if (algorithm !== ALGORITHM) {
    throw incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `);
  }
  const parameters = parseParameters(list ?? "", authorization);
  const timestampHeader = headers.has("x-amz-date") ? "x-amz-date" : "date";
  const timestamp = headers.get(timestampHeader)?.[0];
  const { Credential, SignedHeaders, Signature } = Object.fromEntries(parameters);
  if (!Credential || !SignedHeaders || !Signature || !timestamp) {
    const missing = PARAMETERS.filter((name) => !parameters.get(name)).map(
      (name) => `Authorization header requires '${name}' parameter. `,
    );
    if (!timestamp) {
      missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
    }
    throw incompleteSignature(
      `${missing.join("")}(Hashed with SHA-256 and encoded with Base64) ` +
        `Authorization=${hashedForMessage(authorization)}`,
    );
  }
  return {
    form: "header",
    credential: Credential,
    signedHeaders: parseSignedHeaders(SignedHeaders),
    signature: Signature,
    timestamp,
    timestampHeader,
    expiresSeconds: undefined,
    sessionToken: headers.get("x-amz-security-token")?.[0],
  };
}

function parseParameters(list: string, authorization: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (list === "") return parameters;
  for (const part of list.split(",")) {
    const [name, value] = splitOnce(part.startsWith(" ") ? part.slice(1) : part, "=");
    const known = PARAMETERS.some((parameter) => parameter === name);
    if (value === undefined || !known || parameters.has(name) || !NO_SPACE.test(value)) {
      throw incompleteSignature(
        `'${hashedForMessage(part)}' not a valid key=value pair (missing equal-sign) in Authorization header ` +
          `(hashed with SHA-256 and encoded with Base64): '${hashedForMessage(authorization)}'.`,
      );
    }
    parameters.set(name, value);
  }
  return parameters;
}

const NO_SPACE = /^[\x21-\x7e]*$/;

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
