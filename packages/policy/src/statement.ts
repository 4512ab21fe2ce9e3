/** Whether a statement applies to a request, and if not, for want of what. */
import type { Caller } from "./caller.ts";
import { type Context, evaluateCondition, lookupIn } from "./condition.ts";
import type { Condition, Matcher, Statement } from "./document.ts";
import { matchesPattern } from "./pattern.ts";
import { type Reach, reachOf } from "./principal-element.ts";

/** What is asked for. */
export interface Request {
  readonly caller: Caller;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN of what it is about; absent for actions on no resource, such as kms:CreateKey, which only `*` covers. */
  readonly resource?: string;
  readonly context: Context;
  /** Whether the caller has a permissions boundary: no Deny with NotPrincipal spares one who has. */
  readonly bounded?: boolean;
}

/** What became of a statement. */
export interface StatementOutcome {
  readonly statement: Statement;
  /** Absent if it does not apply. */
  readonly reach?: Reach;
  /** The first element that did not fit; absent if the statement applies. */
  readonly missed?: "Principal" | "Action" | "Resource" | "Condition" | "Variable";
  /** The condition that was not met, or whose variable has no value. */
  readonly condition?: Condition;
}

export function evaluateStatement(statement: Statement, request: Request): StatementOutcome {
  const covered = evaluateElements(statement, request);
  if (covered.reach === undefined) return covered;
  let unresolved: Condition | undefined;
  for (const condition of statement.conditions) {
    const outcome = evaluateCondition(condition, request.context);
    if (!outcome.met) return { statement, missed: "Condition", condition };
    if (outcome.unresolved) unresolved ??= condition;
  }
  // What a variable stands for is not known: that may keep somebody out, and never let anybody in.
  if (unresolved !== undefined && statement.effect === "Allow")
    return { statement, missed: "Variable", condition: unresolved };
  return covered;
}

/** As {@link evaluateStatement}, as if there were no conditions. */
export function evaluateElements(statement: Statement, request: Request): StatementOutcome {
  const { principal, effect, action, resource } = statement;
  const reach =
    principal === undefined
      ? "session"
      : reachOf(principal, request.caller, effect, request.bounded === true);
  if (reach === undefined) return { statement, missed: "Principal" };
  if (action === undefined || fits(action, request.action.toLowerCase(), request.context) !== true)
    return { statement, missed: "Action" };
  const covers = resource !== undefined && fits(resource, request.resource ?? "*", request.context);
  if (covers === undefined && effect === "Allow") return { statement, missed: "Variable" };
  return covers === false ? { statement, missed: "Resource" } : { statement, reach };
}

/** `undefined` if it depends on a variable without a value: such a one fits nothing, but what is then all but it is not known. */
function fits({ negated, patterns }: Matcher, text: string, context: Context): boolean | undefined {
  const lookup = lookupIn(context);
  let unresolved = false;
  for (const pattern of patterns) {
    const matches = matchesPattern(pattern, text, lookup);
    if (matches === true) return !negated;
    if (matches === undefined) unresolved = true;
  }
  return negated && unresolved ? undefined : negated;
}
