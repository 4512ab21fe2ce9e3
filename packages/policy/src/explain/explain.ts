/**
 * Why a request is allowed or denied, and what would have to change for it to be allowed.
 *
 * An explanation decides nothing: it is made of the decision, of the same documents, by the same evaluation. It repeats values of
 * the request, such as its encryption context, and so belongs to whoever may read the policies, not to the caller.
 */
import type { Caller } from "../caller.ts";
import {
  type Decision,
  decide,
  type Policies,
  type PolicyOutcome,
  type Reason,
  withBoundary,
} from "../decide.ts";
import type { Statement } from "../document.ts";
import type { Reach } from "../principal-element.ts";
import type { Request } from "../statement.ts";
import { type Change, changesFor } from "./changes.ts";
import { type Miss, missesOf } from "./misses.ts";
import { type ExplainOptions, namedPolicies } from "./named-policies.ts";

export interface Explanation {
  readonly allowed: boolean;
  readonly reason: Reason;
  readonly action: string;
  /** ARN of what the request is about; absent if it is about nothing in particular. */
  readonly resource?: string;
  /** ARN of the caller, name of the service, or `anonymous`. */
  readonly caller: string;
  /** The reason as a sentence. */
  readonly summary: string;
  /** Every statement of every policy that has a say. */
  readonly statements: readonly ExplainedStatement[];
  /** All of these together allow the request. Empty if it is allowed already, or if nothing would allow it. */
  readonly changes: readonly Change[];
}

export interface ExplainedStatement {
  readonly policy: PolicyOutcome["policy"];
  /** How people call the policy it is in, such as `key policy` or a name that was given. */
  readonly policyName: string;
  /** Such as `Statement[0]`. */
  readonly place: string;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly applies: boolean;
  /** How it names the caller, if it applies. */
  readonly reach?: Reach;
  /** Every element that did not fit; empty if it applies. */
  readonly missed: readonly Miss[];
  /** Whether it decided, or would have with one element changed. */
  readonly mattered: boolean;
}

/** @param decision that of {@link decide} for the same request and policies */
export function explain(
  asked: Request,
  policies: Policies,
  options: ExplainOptions = {},
  decision: Decision = decide(asked, policies),
): Explanation {
  const request = withBoundary(asked, policies);
  const { allowed, reason } = decision;
  const explained = namedPolicies(policies, options).flatMap(({ policy, policyName, document }) =>
    document.statements.map((statement) => explainStatement(statement, request, policy, policyName, allowed)),
  );
  const reaches = decision.outcomes.flatMap(({ statements }) => statements.map(({ reach }) => reach));
  return {
    allowed,
    reason,
    action: request.action,
    ...(request.resource === undefined ? {} : { resource: request.resource }),
    caller: callerName(request.caller),
    summary: SUMMARIES[reason],
    statements: explained.map((statement, index) => {
      const reach = reaches[index];
      return reach === undefined ? statement : { ...statement, reach };
    }),
    changes: allowed ? [] : changesFor(request, policies, options),
  };
}

function callerName(caller: Caller): string {
  if (caller.type === "Anonymous") return "anonymous";
  return caller.type === "Service" ? caller.service : caller.arn;
}

function explainStatement(
  statement: Statement,
  request: Request,
  policy: PolicyOutcome["policy"],
  policyName: string,
  allowed: boolean,
): ExplainedStatement {
  const { place, sid, effect } = statement;
  const missed = missesOf(statement, request);
  return {
    policy,
    policyName,
    place,
    ...(sid === undefined ? {} : { sid }),
    effect,
    applies: missed.length === 0,
    missed,
    mattered: missed.length === 0 || isNear(effect, missed, allowed),
  };
}

/** A Deny on a condition is worth a word in any case; an Allow that lacked one element, if nothing else allowed it. */
function isNear(effect: "Allow" | "Deny", missed: readonly Miss[], allowed: boolean): boolean {
  const elements = new Set(missed.map(({ element }) => element));
  if (effect === "Deny" || allowed)
    return effect === "Deny" && elements.size === 1 && elements.has("Condition");
  return elements.size === 1;
}

const SUMMARIES: Readonly<Record<Reason, string>> = {
  ExplicitDeny: "A Deny applies, and a Deny overrules every Allow.",
  KeyPolicy: "The key policy allows it.",
  KeyPolicyAndIdentityPolicy:
    "The key policy leaves it to the policies of the caller's account, and these allow it.",
  IdentityPolicy: "An identity policy allows it.",
  RootUser: "The root user may do what its account may do.",
  Grant: "A grant allows it.",
  KeyPolicyDoesNotAllow:
    "Nothing in the key policy allows it to the caller, and nothing there leaves it to the caller's account.",
  IdentityPolicyDoesNotAllow:
    "No identity policy of the caller allows it, and nothing allows it to the caller without one.",
  BoundaryDoesNotAllow: "The permissions boundary of the caller does not cover it.",
  SessionPolicyDoesNotAllow: "The session policy of the caller does not cover it.",
  NotAcrossAccounts: "The action can't be used on keys of other accounts, whatever policies say.",
};
