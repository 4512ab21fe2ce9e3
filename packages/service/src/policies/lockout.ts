/**
 * The lockout safety check: whoever gives a key a policy must be able to give it another one.
 *
 * The policy alone is looked at. A statement for the caller's account counts, since policies of the account decide then;
 * conditions are not evaluated: an Allow on conditions counts, a Deny on conditions does not.
 */
import { KmsError } from "../errors.ts";
import type { PolicyStatement } from "./policy-document.ts";

const ACTION = "kms:PutKeyPolicy";

/** @throws {KmsError} MalformedPolicyDocumentException if the policy would not let the principal put another one */
export function assertNotLockedOut(
  statements: readonly PolicyStatement[],
  principal: string,
  keyArn: string,
): void {
  const applying = statements.filter((statement) => appliesTo(statement, principal, keyArn));
  const denied = applying.some(({ effect, conditional }) => effect === "Deny" && !conditional);
  if (!denied && applying.some(({ effect }) => effect === "Allow")) return;
  throw new KmsError(
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
  );
}

function appliesTo(statement: PolicyStatement, principal: string, keyArn: string): boolean {
  const { actions, notActions, resources, notResources, principals, effect } = statement;
  const action =
    actions.some((pattern) => matches(pattern, ACTION, true)) ||
    (notActions.length > 0 && !notActions.some((pattern) => matches(pattern, ACTION, true)));
  const resource =
    resources.some((pattern) => matches(pattern, keyArn, false)) ||
    (notResources.length > 0 && !notResources.some((pattern) => matches(pattern, keyArn, false)));
  // Whom NotPrincipal leaves out can't be told without evaluating: it allows nobody here, and denies nobody.
  const names = principals?.["AWS"] ?? [];
  return action && resource && names.some((name) => isPrincipal(name, principal, effect));
}

/** Whether a policy's principal is the caller, everybody, or the caller's account (which only an Allow delegates to). */
function isPrincipal(name: string, principal: string, effect: "Allow" | "Deny"): boolean {
  if (name === "*" || name === principal) return true;
  const account = /^arn:[^:]+:(?:iam|sts)::([0-9]{12}):/.exec(principal)?.[1];
  const isAccount = name === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(name);
  if (isAccount) return effect === "Allow" || principal.endsWith(":root");
  // A session has what its role has.
  const role = /:assumed-role\/([^/]+)\//.exec(principal)?.[1];
  return (
    role !== undefined && new RegExp(`^arn:[^:]+:iam::${account}:role/(?:.+/)?${escaped(role)}$`).test(name)
  );
}

/** `*` stands for any characters, `?` for one. Takes time in proportion to both lengths, whatever the pattern. */
function matches(pattern: string, text: string, ignoreCase: boolean): boolean {
  const [wanted, given] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  let at = 0;
  // Where the last star stands, and what it has taken so far: the only place to come back to.
  let star = -1;
  let taken = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === "*") {
      star = at++;
      taken = index;
    } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === given[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++taken;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
