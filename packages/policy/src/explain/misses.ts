/**
 * What keeps a statement from applying: all of it, where the evaluation itself stops at the first.
 *
 * Each element is held against the request by the evaluation's own code, as if the others fitted.
 */
import { evaluateCondition, lookupIn } from "../condition.ts";
import type { Condition, Matcher, PrincipalElement, Statement } from "../document.ts";
import { type Pattern, parsePattern } from "../pattern.ts";
import { evaluateElements, type Request } from "../statement.ts";

/** One element of a statement that does not fit the request. */
export interface Miss {
  /** As it stands in the policy, such as `Principal`, `NotAction` or `Condition`. */
  readonly element: string;
  /** The operator as it stands in the policy, such as `ForAnyValue:StringLikeIfExists`; only of a condition. */
  readonly operator?: string;
  /** The condition key as it stands in the policy; only of a condition. */
  readonly key?: string;
  /** What the policy lists. */
  readonly wanted: readonly string[];
  /** What the request has; empty if nothing. */
  readonly found: readonly string[];
  /** Policy variables that have no value in the request, and so let nobody in. */
  readonly unresolved?: readonly string[];
}

const ANY: Matcher = { negated: false, patterns: [parsePattern("*", { wildcards: true, variables: false })] };

/** Empty if the statement applies. */
export function missesOf(statement: Statement, request: Request): Miss[] {
  return [
    ...missedPrincipal(statement, request),
    ...missedAction(statement, request),
    ...missedResource(statement, request),
    ...statement.conditions.flatMap((condition) => missedCondition(condition, statement, request)),
  ];
}

function missedPrincipal({ principal, ...statement }: Statement, request: Request): Miss[] {
  if (principal === undefined) return [];
  const alone = { ...statement, principal, action: ANY, resource: ANY };
  if (evaluateElements(alone, request).missed === undefined) return [];
  return [
    {
      element: principal.negated ? "NotPrincipal" : "Principal",
      wanted: principalsOf(principal),
      found: callerNames(request),
    },
  ];
}

function missedAction({ principal: _, ...statement }: Statement, request: Request): Miss[] {
  if (evaluateElements({ ...statement, resource: ANY }, request).missed === undefined) return [];
  return [missed("Action", statement.action, [request.action])];
}

function missedResource({ principal: _, ...statement }: Statement, request: Request): Miss[] {
  const outcome = evaluateElements({ ...statement, action: ANY }, request);
  if (outcome.missed === undefined) return [];
  const miss = missed(
    "Resource",
    statement.resource,
    request.resource === undefined ? [] : [request.resource],
  );
  const unresolved = unresolvedIn(statement.resource?.patterns ?? [], request);
  return [outcome.missed === "Variable" || unresolved.length > 0 ? { ...miss, unresolved } : miss];
}

function missed(name: string, matcher: Matcher | undefined, found: readonly string[]): Miss {
  const wanted = matcher?.patterns.map(({ source }) => source) ?? [];
  return { element: matcher?.negated === true ? `Not${name}` : name, wanted, found };
}

function missedCondition(condition: Condition, { effect }: Statement, request: Request): Miss[] {
  const { met, unresolved } = evaluateCondition(condition, request.context);
  if (met && !(unresolved && effect === "Allow")) return [];
  const variables = unresolvedIn(condition.values, request);
  return [
    {
      element: "Condition",
      operator: condition.name,
      key: condition.spelling,
      wanted: condition.values.map(({ source }) => source),
      found: request.context.get(condition.key) ?? [],
      ...(variables.length === 0 ? {} : { unresolved: variables }),
    },
  ];
}

function unresolvedIn(patterns: readonly Pattern[], { context }: Request): string[] {
  const lookup = lookupIn(context);
  const keys = patterns
    .flatMap(({ tokens }) => tokens)
    .flatMap((token) => (typeof token === "object" && "key" in token ? [token] : []))
    .filter(({ key, otherwise }) => otherwise === undefined && lookup(key) === undefined)
    .map(({ key }) => key);
  return [...new Set(keys)];
}

function principalsOf({ everyone, aws, services, federated }: PrincipalElement): string[] {
  return [...(everyone ? ["*"] : []), ...aws, ...services, ...federated];
}

/** The names by which a policy can mean the caller; none for one who did not sign. */
function callerNames({ caller }: Request): string[] {
  if (caller.type === "Anonymous") return [];
  if (caller.type === "Service") return [caller.service];
  return caller.type === "AssumedRole" ? [caller.arn, caller.roleArn] : [caller.arn];
}

/** What an element wanted, and what there was. */
export function describeMiss({ element, operator, key, wanted, found, unresolved }: Miss): string {
  const name = operator === undefined ? element : `${operator} ${key}`;
  const had = found.length === 0 ? "nothing" : list(found, " and ");
  const text = `${name} is ${wanted.length === 0 ? "missing" : list(wanted, " or ")}; the request has ${had}`;
  if (unresolved === undefined || unresolved.length === 0) return text;
  return `${text}; no value for \${${unresolved.join("}, ${")}}`;
}

/** More than people would read is left to the structured form. */
const SHOWN = 5;

function list(values: readonly string[], separator: string): string {
  const shown = values.slice(0, SHOWN).map((value) => JSON.stringify(value));
  const more = values.length - shown.length;
  return more <= 0 ? shown.join(separator) : `${shown.join(separator)}${separator}${more} more`;
}
