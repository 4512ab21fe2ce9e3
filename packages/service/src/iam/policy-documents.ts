/** What policies of identities, boundaries and roles must be before they are kept. */
import { type PolicyDocument, PolicyError, parsePolicy } from "@kmslite/policy";
import { IamError } from "./iam-error.ts";

/** Of one user or role; IAM gives this to roles, and KMSLite, which has no managed policies, to users too. */
export const MAXIMUM_POLICIES_SIZE = 10_240;
/** As of a managed policy. */
const MAXIMUM_BOUNDARY_SIZE = 6_144;
const MAXIMUM_TRUST_POLICY_SIZE = 2_048;
/** White space is not counted, but it is kept. */
const MAXIMUM_LENGTH = 32_768;

/** Characters that count: IAM leaves white space out. */
export function policySize(text: string): number {
  return text.replaceAll(/\s/g, "").length;
}

/** @throws {IamError} MalformedPolicyDocument */
export function identityPolicyIn(value: unknown): string {
  const text = documentIn(value);
  parsed(text);
  return text;
}

/** @throws {IamError} MalformedPolicyDocument; LimitExceeded */
export function boundaryIn(value: unknown): string {
  return limited(identityPolicyIn(value), MAXIMUM_BOUNDARY_SIZE);
}

/** @throws {IamError} MalformedPolicyDocument; LimitExceeded */
export function trustPolicyIn(value: unknown): string {
  const text = limited(documentIn(value), MAXIMUM_TRUST_POLICY_SIZE);
  parseTrustPolicy(text);
  return text;
}

/**
 * Parses a trust policy: who may assume the role that it belongs to. It names no resource, since that is the role.
 *
 * @throws {IamError} MalformedPolicyDocument
 */
export function parseTrustPolicy(text: string): PolicyDocument {
  const document = parsed(text, "resource");
  for (const statement of document.statements) {
    const { place, action, resource } = statement;
    if (resource !== undefined) throw malformed(`Has prohibited field Resource (${place})`);
    if (action === undefined) throw malformed(`Missing required field Action (${place})`);
  }
  // The one resource is the role: what the policy says of it, it says of all that it is asked about.
  const everything = parsed('{"Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}').statements[0];
  const resource = everything?.resource;
  return {
    ...document,
    statements: document.statements.map((statement) => ({
      ...statement,
      ...(resource === undefined ? {} : { resource }),
    })),
  };
}

function parsed(text: string, kind: "identity" | "resource" = "identity"): PolicyDocument {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw malformed(error.worded ? error.message : `Syntax error in policy: ${error.message}`);
  }
}

function documentIn(value: unknown): string {
  if (typeof value === "string" && value.length <= MAXIMUM_LENGTH) return value;
  throw malformed(`Syntax error in policy: expected a text of at most ${MAXIMUM_LENGTH} characters`);
}

function limited(text: string, maximum: number): string {
  if (policySize(text) <= maximum) return text;
  throw new IamError("LimitExceeded", `Cannot exceed quota for policy size: ${maximum}`);
}

function malformed(message: string): IamError {
  return new IamError("MalformedPolicyDocument", message);
}
