/**
 * What a request claims about its signature, whichever way it says so.
 *
 * AWS IAM User Guide, "Authentication methods": the claim travels in the Authorization header or in the
 * query string of a presigned request. Both are read into this one shape; nothing in it is trusted yet.
 */
import { hashedForMessage, incompleteSignature, invalidSignature } from "./error.ts";

export interface SignatureClaim {
  readonly form: "header" | "query";
  /** `keyid/date/region/service/aws4_request`, as sent */
  readonly credential: string;
  /** lower-case names in ascending order */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`, as sent */
  readonly timestamp: string;
  /** where the timestamp was: a header has to be signed, a query parameter always is */
  readonly timestampHeader: "x-amz-date" | "date" | undefined;
  /** lifetime of a presigned request in seconds, if it states one */
  readonly expiresSeconds: number | undefined;
  readonly sessionToken: string | undefined;
}

/** The parts of a claimed credential. */
export interface ClaimedCredential {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** @throws {SignatureError} IncompleteSignatureException unless there are five non-empty parts */
export function parseCredential(credential: string): ClaimedCredential {
  const parts = credential.split("/");
  if (parts.length !== 5 || parts.includes("")) {
    throw incompleteSignature(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got " +
        `(hashed with SHA-256 and encoded with Base64): '${hashedForMessage(credential)}'`,
    );
  }
  const [accessKeyId, date, region, service, terminator] = parts as [string, string, string, string, string];
  return { accessKeyId, date, region, service, terminator };
}

/**
 * Reads a SignedHeaders list. The canonical spelling is required (lower case, ascending, no name twice):
 * each set of headers then has exactly one list, and no list can hide a name.
 *
 * @throws {SignatureError} InvalidSignatureException
 */
export function parseSignedHeaders(list: string): readonly string[] {
  const names = list.split(";");
  const canonical = names.every(
    (name, index) => FIELD_NAME.test(name) && (index === 0 || (names[index - 1] as string) < name),
  );
  if (!canonical) {
    throw invalidSignature("'SignedHeaders' must be lower-case header names in ascending order, each once.");
  }
  return names;
}

/** RFC 9110 §5.1, in lower case. */
const FIELD_NAME = /^[a-z0-9!#$%&'*+\-.^_`|~]+$/;
