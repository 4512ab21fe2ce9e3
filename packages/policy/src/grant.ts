/** Grants: what allows one principal some operations on one KMS key. */
import type { Caller } from "./caller.ts";

export interface Grant {
  /** ARN of the principal, or of an account's root user: then of everybody whom the account lets. */
  readonly granteePrincipal: string;
  /** Names of operations, such as `Decrypt`. */
  readonly operations: readonly string[];
  readonly constraints?: {
    readonly encryptionContextEquals?: Readonly<Record<string, string>>;
    readonly encryptionContextSubset?: Readonly<Record<string, string>>;
  };
}

/** DescribeKey and RetireGrant carry no encryption context, so constraints don't touch them. */
const UNCONSTRAINED: ReadonlySet<string> = new Set(["DescribeKey", "RetireGrant"]);

/**
 * Whether a grant allows an operation.
 *
 * @param operation         its name, such as `Decrypt`
 * @param encryptionContext that of the request; empty unless given
 */
export function grantAllows(
  grant: Grant,
  caller: Caller,
  operation: string,
  encryptionContext: Readonly<Record<string, string>> = {},
): boolean {
  if (!isGrantee(grant.granteePrincipal, caller) || !grant.operations.includes(operation)) return false;
  if (UNCONSTRAINED.has(operation) || grant.constraints === undefined) return true;
  const { encryptionContextEquals: equals, encryptionContextSubset: subset } = grant.constraints;
  const holds = (wanted: Readonly<Record<string, string>>): boolean =>
    Object.entries(wanted).every(
      ([key, value]) => Object.hasOwn(encryptionContext, key) && encryptionContext[key] === value,
    );
  if (equals !== undefined && Object.keys(encryptionContext).length !== Object.keys(equals).length)
    return false;
  return (equals === undefined || holds(equals)) && (subset === undefined || holds(subset));
}

function isGrantee(principal: string, caller: Caller): boolean {
  if (caller.type === "Anonymous") return false;
  if (caller.type === "Service") return principal === caller.service;
  return principal === caller.arn || (caller.type === "AssumedRole" && principal === caller.roleArn);
}
