/** The operators of Condition blocks: how one value of the policy is compared with one of the request. */
import { isInRange, parseRange } from "./ip-range.ts";
import { type Lookup, matchesPattern, type Pattern, parsePattern, resolvePattern } from "./pattern.ts";

/** What `Null` asks is whether there is a value at all, so it compares none. */
export interface ConditionOperator {
  /** Whether it is met where its positive counterpart is not. */
  readonly negated: boolean;
  readonly presence?: true;
  readonly syntax: { readonly wildcards: boolean; readonly text: boolean };
  /** Whether the value can stand in a policy. */
  readonly accepts: (value: string) => boolean;
  /** `undefined` if a variable has no value in this request. */
  readonly test: (expected: Pattern, actual: string, lookup: Lookup) => boolean | undefined;
}

type Comparison = (expected: string, actual: string) => boolean;

const ARN_PARTS = 6;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

const anything = () => true;

/** By text, variables put in. */
function byText(compare: Comparison): ConditionOperator {
  return {
    negated: false,
    syntax: { wildcards: false, text: true },
    accepts: anything,
    test: (expected, actual, lookup) => {
      const text = resolvePattern(expected, lookup);
      return text === undefined ? undefined : compare(text, actual);
    },
  };
}

/** Remembers the latest result: one value of a request is held against many of a policy. */
function rememberingLatest<Value>(read: (text: string) => Value): (text: string) => Value {
  let latest: { readonly text: string; readonly value: Value } | undefined;
  return (text) => {
    if (latest?.text !== text) latest = { text, value: read(text) };
    return latest.value;
  };
}

/** By values of another kind: texts that are none of them are never met. */
function byValue<Value>(
  read: (text: string) => Value | undefined,
  compare: (expected: Value, actual: Value) => boolean,
): ConditionOperator {
  const readActual = rememberingLatest(read);
  const valuesOfPatterns = new WeakMap<Pattern, { readonly value: Value | undefined }>();
  return {
    negated: false,
    syntax: { wildcards: false, text: false },
    accepts: (value) => read(value) !== undefined,
    test: (expected, actual) => {
      let left = valuesOfPatterns.get(expected);
      if (left === undefined) {
        left = { value: read(expected.source) };
        valuesOfPatterns.set(expected, left);
      }
      const right = readActual(actual);
      return left.value !== undefined && right !== undefined && compare(left.value, right);
    },
  };
}

function number(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** ISO 8601, or seconds since 1970. */
function instant(text: string): number | undefined {
  const seconds = number(text);
  if (seconds !== undefined) return seconds * 1000;
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function truth(text: string): boolean | undefined {
  const lowered = text.toLowerCase();
  return lowered === "true" ? true : lowered === "false" ? false : undefined;
}

const like: ConditionOperator = {
  negated: false,
  syntax: { wildcards: true, text: true },
  accepts: anything,
  test: matchesPattern,
};

/** Each of the six parts of an ARN by itself: no wildcard reaches over a colon before the last. */
const arnLike: ConditionOperator = {
  negated: false,
  syntax: { wildcards: true, text: true },
  accepts: anything,
  test: (expected, actual, lookup) => {
    if (expected.source === "*") return true;
    // Before the other is looked at: what a variable stands for must be known even where nothing could fit.
    if (resolvePattern(expected, lookup) === undefined) return undefined;
    const patterns = patternsOfParts(expected);
    const actuals = partsOfActual(actual);
    if (actuals.length !== ARN_PARTS) return false;
    // A variable may bring in colons of its own; what has none, and too few parts, is no ARN.
    if (patterns.length !== ARN_PARTS)
      return expected.pieces === undefined ? matchesPattern(expected, actual, lookup) : false;
    let fits = true;
    for (let index = 0; index < ARN_PARTS; index++) {
      const part = matchesPattern(patterns[index] as Pattern, actuals[index] as string, lookup);
      if (part === undefined) return undefined;
      if (!part) fits = false;
    }
    return fits;
  },
};

const partsOfActual = rememberingLatest(partsOf);
const patternsOfArns = new WeakMap<Pattern, readonly Pattern[]>();

/** The parts of an ARN's pattern, parsed once. */
function patternsOfParts(pattern: Pattern): readonly Pattern[] {
  let parts = patternsOfArns.get(pattern);
  if (parts === undefined) {
    parts = partsOf(pattern.source).map((part) => parsePattern(part, pattern.syntax));
    patternsOfArns.set(pattern, parts);
  }
  return parts;
}

/** At the first five colons that are not inside of a variable. */
function partsOf(arn: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < arn.length && parts.length < ARN_PARTS - 1; at++) {
    if (arn.startsWith("${", at)) depth++;
    else if (arn[at] === "}" && depth > 0) depth--;
    else if (arn[at] === ":" && depth === 0) {
      parts.push(arn.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, arn.slice(from)];
}

const positive = {
  StringEquals: byText((expected, actual) => expected === actual),
  StringEqualsIgnoreCase: byText((expected, actual) => expected.toLowerCase() === actual.toLowerCase()),
  StringLike: like,
  NumericEquals: byValue(number, (expected, actual) => actual === expected),
  NumericLessThan: byValue(number, (expected, actual) => actual < expected),
  NumericLessThanEquals: byValue(number, (expected, actual) => actual <= expected),
  NumericGreaterThan: byValue(number, (expected, actual) => actual > expected),
  NumericGreaterThanEquals: byValue(number, (expected, actual) => actual >= expected),
  DateEquals: byValue(instant, (expected, actual) => actual === expected),
  DateLessThan: byValue(instant, (expected, actual) => actual < expected),
  DateLessThanEquals: byValue(instant, (expected, actual) => actual <= expected),
  DateGreaterThan: byValue(instant, (expected, actual) => actual > expected),
  DateGreaterThanEquals: byValue(instant, (expected, actual) => actual >= expected),
  Bool: byValue(truth, (expected, actual) => actual === expected),
  BinaryEquals: byValue(
    (text) => (BASE64.test(text) ? text : undefined),
    (expected, actual) => actual === expected,
  ),
  IpAddress: byValue(parseRange, isInRange),
  ArnEquals: arnLike,
  ArnLike: arnLike,
} as const;

/** Every operator, by its name in policies without quantifier and IfExists. */
export const CONDITION_OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  ...positive,
  StringNotEquals: not(positive.StringEquals),
  StringNotEqualsIgnoreCase: not(positive.StringEqualsIgnoreCase),
  StringNotLike: not(positive.StringLike),
  NumericNotEquals: not(positive.NumericEquals),
  DateNotEquals: not(positive.DateEquals),
  NotIpAddress: not(positive.IpAddress),
  ArnNotEquals: not(positive.ArnEquals),
  ArnNotLike: not(positive.ArnLike),
  Null: { ...positive.Bool, presence: true },
};

function not(operator: ConditionOperator): ConditionOperator {
  return { ...operator, negated: true };
}
