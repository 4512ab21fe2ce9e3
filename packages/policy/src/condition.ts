/** Conditions against the values of a request. */
import type { Condition } from "./document.ts";
import { type Lookup, matchesPattern } from "./pattern.ts";

/** Condition keys in lower case, with their values; one that is not there, or has no value, is absent. */
export type Context = Pick<ReadonlyMap<string, readonly string[]>, "get">;

/** Whether a condition is met, and whether one of its variables had no value. */
export interface Outcome {
  readonly met: boolean;
  readonly unresolved: boolean;
}

/** The value of a key that has one only: keys of several values can't be variables. */
export function lookupIn(context: Context): Lookup {
  return (key) => {
    const values = context.get(key);
    return values?.length === 1 ? values[0] : undefined;
  };
}

/**
 * Evaluates one condition.
 *
 * Several values in the policy are alternatives, of which a negated operator wants none. A key of several values without a
 * quantifier is as with ForAnyValue, and for a negated operator as with ForAllValues: no value of the request may be
 * among those of the policy.
 */
export function evaluateCondition(condition: Condition, context: Context): Outcome {
  const { operator, quantifier, ifExists, values } = condition;
  const actual = context.get(condition.key) ?? [];
  if (operator.presence) {
    const absent = actual.length === 0;
    return {
      met: values.some(({ source }) => (source.toLowerCase() === "true") === absent),
      unresolved: false,
    };
  }
  const lookup = lookupIn(context);
  if (actual.length === 0) {
    // IfExists is asked of each value: where there is none, ForAnyValue finds none that fits (as trials at AWS show).
    const met = quantifier === undefined ? ifExists || operator.negated : quantifier === "ForAllValues";
    return { met, unresolved: values.some((pattern) => matchesPattern(pattern, "", lookup) === undefined) };
  }
  let unresolved = false;
  const all = quantifier === "ForAllValues" || (quantifier === undefined && operator.negated);
  let met = all;
  for (const value of actual) {
    let among = false;
    for (const pattern of values) {
      const result = operator.test(pattern, value, lookup);
      if (result === true) among = true;
      else if (result === undefined) unresolved = true;
    }
    if ((among !== operator.negated) !== all) met = !all;
  }
  return { met, unresolved };
}
