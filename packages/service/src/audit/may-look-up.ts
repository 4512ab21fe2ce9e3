/** Who may look events up: the account's root user, and principals whose policies allow `cloudtrail:LookupEvents`. */
import { callerOfArn, decide, type PolicyDocument, parsePolicy } from "@kmslite/policy";
import type { Caller } from "../caller.ts";

/**
 * Whether a caller may look up the events of its account.
 *
 * Conditions are not evaluated, in favour of refusing: a Deny applies whatever its conditions, an Allow with conditions does not.
 */
export function mayLookUp({ principal, service, identity }: Caller): boolean {
  if (service !== undefined) return false;
  // Who is in no directory has no policies: the root user, or whom an embedder lets call.
  if (identity === undefined) return true;
  const caller = callerOfArn(principal, identity.roleArn);
  if (caller === undefined) return false;
  try {
    const { policies = [], boundary, sessionPolicies } = identity;
    const { allowed } = decide(
      { caller, action: "cloudtrail:LookupEvents", context: new Map() },
      {
        identity: policies.map(strictly),
        ...(boundary === undefined ? {} : { boundary: strictly(boundary) }),
        ...(sessionPolicies === undefined ? {} : { session: sessionPolicies.map(strictly) }),
      },
    );
    return allowed;
  } catch {
    // A policy that can't be read allows nothing.
    return false;
  }
}

function strictly(text: string): PolicyDocument {
  const document = parsePolicy(text, "identity");
  const statements = document.statements
    .filter(({ effect, conditions }) => effect === "Deny" || conditions.length === 0)
    .map((statement) => ({ ...statement, conditions: [] }));
  return { ...document, statements };
}
