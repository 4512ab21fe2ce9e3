/**
 * Whether a key policy leaves somebody a way to do something, as far as it alone can tell: what AWS KMS checks before it takes a
 * policy that the caller might never change again.
 *
 * The account counts, since its own policies decide then. Conditions are not evaluated: an Allow on conditions counts, a Deny on
 * conditions does not.
 */
import type { PolicyDocument } from "./document.ts";
import { evaluateElements, type Request } from "./statement.ts";

export function leavesAWay(policy: PolicyDocument, request: Omit<Request, "context">): boolean {
  const applying = policy.statements.filter(
    (statement) => evaluateElements(statement, { ...request, context: new Map() }).reach !== undefined,
  );
  const denied = applying.some(({ effect, conditions }) => effect === "Deny" && conditions.length === 0);
  return !denied && applying.some(({ effect }) => effect === "Allow");
}
