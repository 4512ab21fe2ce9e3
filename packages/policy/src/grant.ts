/** Grants: what allows one principal some operations on one KMS key. */
import type { Caller } from "./caller.ts";

export interface Grant {
  /** ARN of the principal, or of an account's root user: then of everybody whom the account lets. */
  readonly granteePrincipal: string;
  /** Names of operations, such as `Decrypt`. */
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints;
}

export interface GrantConstraints {
  readonly encryptionContextEquals?: Readonly<Record<string, string>>;
  readonly encryptionContextSubset?: Readonly<Record<string, string>>;
  /** ARN of the resource for which a service must make the request. */
  readonly sourceArn?: string;
}

/**
 * DescribeKey and RetireGrant carry no encryption context, so its constraints don't touch them. Those of a grant with CreateGrant
 * are for the grants made under it ({@link isWithin}).
 */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set(["CreateGrant", "DescribeKey", "RetireGrant"]);

/**
 * Whether a grant allows an operation.
 *
 * @param operation         its name, such as `Decrypt`
 * @param encryptionContext that of the request; empty unless given
 * @param sourceArn         ARN of the resource for which a service makes the request, if one does
 */
export function grantAllows(
  grant: Grant,
  caller: Caller,
  operation: string,
  encryptionContext: Readonly<Record<string, string>> = {},
  sourceArn?: string,
): boolean {
  if (!isGrantee(grant.granteePrincipal, caller) || !grant.operations.includes(operation)) return false;
  const { constraints = {} } = grant;
  const { encryptionContextEquals: equals, encryptionContextSubset: subset } = constraints;
  // A grant can always be given up.
  const bound = constraints.sourceArn !== undefined && operation !== "RetireGrant";
  if (bound && constraints.sourceArn !== sourceArn) return false;
  if (WITHOUT_CONTEXT.has(operation)) return true;
  return (
    (equals === undefined || areEqual(equals, encryptionContext)) &&
    (subset === undefined || isSubset(subset, encryptionContext))
  );
}

/** Whether a grant permits nothing that another one, under which it is made, does not. */
export function isWithin(parent: Grant, child: Pick<Grant, "operations" | "constraints">): boolean {
  if (!child.operations.every((operation) => parent.operations.includes(operation))) return false;
  const {
    encryptionContextEquals: equals,
    encryptionContextSubset: subset,
    sourceArn,
  } = parent.constraints ?? {};
  const own = child.constraints ?? {};
  if (sourceArn !== undefined && own.sourceArn !== sourceArn) return false;
  if (equals !== undefined)
    return own.encryptionContextEquals !== undefined && areEqual(equals, own.encryptionContextEquals);
  if (subset === undefined) return true;
  const narrower = own.encryptionContextEquals ?? own.encryptionContextSubset;
  return narrower !== undefined && isSubset(subset, narrower);
}

type EncryptionContext = Readonly<Record<string, string>>;

function areEqual(wanted: EncryptionContext, given: EncryptionContext): boolean {
  return Object.keys(wanted).length === Object.keys(given).length && isSubset(wanted, given);
}

function isSubset(wanted: EncryptionContext, given: EncryptionContext): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(given, key) && given[key] === value);
}

function isGrantee(principal: string, caller: Caller): boolean {
  if (caller.type === "Anonymous") return false;
  if (caller.type === "Service") return principal === caller.service;
  return principal === caller.arn || (caller.type === "AssumedRole" && principal === caller.roleArn);
}
