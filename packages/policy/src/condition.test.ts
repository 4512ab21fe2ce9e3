import { expect, test } from "vitest";
import { evaluateCondition } from "./condition.ts";
import type { Condition } from "./document.ts";
import { parsePolicy } from "./parse.ts";

function conditionOf(operator: string, key: string, value: unknown): Condition {
  const Statement = {
    Effect: "Allow",
    Action: "kms:*",
    Resource: "*",
    Condition: { [operator]: { [key]: value } },
  };
  const policy = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }), "identity");
  return policy.statements[0]?.conditions[0] as Condition;
}

const ABSENT: string[] = [];

test.each<[string, unknown, string[], boolean]>([
  ["StringEquals", "a", ["a"], true],
  ["StringEquals", "a", ["A"], false],
  ["StringEquals", ["a", "b"], ["b"], true],
  ["StringEquals", "*", ["a"], false],
  ["StringEquals", "a", ABSENT, false],
  ["StringEqualsIfExists", "a", ABSENT, true],
  ["StringEqualsIfExists", "a", ["b"], false],
  ["StringNotEquals", "a", ["b"], true],
  ["StringNotEquals", ["a", "b"], ["b"], false],
  ["StringNotEquals", "a", ABSENT, true],
  ["StringNotEquals", "a", ["b", "a"], false],
  ["StringEqualsIgnoreCase", "aB", ["Ab"], true],
  ["StringNotEqualsIgnoreCase", "aB", ["Ab"], false],
  ["StringLike", "a*c?", ["abcd"], true],
  ["StringNotLike", "a*", ["abcd"], false],
  ["NumericEquals", 10, ["10.0"], true],
  ["NumericNotEquals", "10", ["11"], true],
  ["NumericLessThan", "10", ["9"], true],
  ["NumericLessThan", "10", ["10"], false],
  ["NumericLessThanEquals", "10", ["10"], true],
  ["NumericGreaterThan", "10", ["11"], true],
  ["NumericGreaterThanEquals", "10", ["9"], false],
  ["NumericEquals", "10", ["ten"], false],
  ["DateEquals", "2026-01-01T00:00:00Z", ["1767225600"], true],
  ["DateNotEquals", "2026-01-01T00:00:00Z", ["1767225601"], true],
  ["DateLessThan", "2026-01-02", ["2026-01-01T23:59:59Z"], true],
  ["DateLessThanEquals", "2026-01-02T00:00:00Z", ["2026-01-02T00:00:00Z"], true],
  ["DateGreaterThan", "2026-01-02T00:00:00Z", ["2026-01-02T00:00:00Z"], false],
  ["DateGreaterThanEquals", "2026-01-02T00:00:00Z", ["2026-01-02T00:00:00Z"], true],
  ["Bool", true, ["true"], true],
  ["Bool", "false", ["true"], false],
  ["Bool", "true", ABSENT, false],
  ["BoolIfExists", "true", ABSENT, true],
  ["BinaryEquals", "AQID", ["AQID"], true],
  ["IpAddress", "10.0.0.0/8", ["10.255.1.2"], true],
  ["IpAddress", "10.0.0.0/8", ["11.0.0.1"], false],
  ["IpAddress", "2001:db8::/32", ["2001:db8:0:1::5"], true],
  ["IpAddress", "0.0.0.0/0", ["::1"], false],
  ["NotIpAddress", ["10.0.0.0/8", "192.168.0.1"], ["192.168.0.1"], false],
  ["ArnEquals", "arn:aws:iam::1*:role/a", ["arn:aws:iam::111122223333:role/a"], true],
  ["ArnLike", "arn:aws:*:role/a", ["arn:aws:iam::111122223333:role/a"], false],
  ["ArnLike", "arn:aws:*:*:*:role/a", ["arn:aws:iam::111122223333:role/a"], true],
  ["ArnLike", "arn:*:s3:::*", ["arn:aws:iam::111122223333:s3:::x"], false],
  ["ArnNotLike", "arn:aws:iam::111122223333:*", ["arn:aws:iam::111122223333:role/a"], false],
  ["ArnNotEquals", "arn:aws:iam::111122223333:role/a", ["arn:aws:iam::111122223333:role/b"], true],
  ["Null", "true", ABSENT, true],
  ["Null", "true", ["a"], false],
  ["Null", false, ["a"], true],
  ["Null", "false", ABSENT, false],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "b"], true],
  ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
  ["ForAllValues:StringEquals", "a", ABSENT, true],
  ["ForAllValues:StringNotEquals", "a", ["b", "c"], true],
  ["ForAllValues:StringNotEquals", "a", ["b", "a"], false],
  ["ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], true],
  ["ForAnyValue:StringEquals", "a", ABSENT, false],
  ["ForAnyValue:StringEqualsIfExists", "a", ABSENT, false],
  ["ForAnyValue:StringEqualsIfExists", "a", ["b", "a"], true],
  ["ForAllValues:StringEqualsIfExists", "a", ABSENT, true],
  ["ForAnyValue:StringNotEquals", "a", ["a", "b"], true],
  ["ForAnyValue:StringNotEquals", "a", ["a"], false],
  ["ForAnyValue:StringNotEquals", "a", ABSENT, false],
])("%s %j for %j: %s", (operator, expected, actual, met) => {
  const condition = conditionOf(operator, "kms:Key", expected);
  const context = new Map(actual.length === 0 ? [] : [["kms:key", actual]]);
  expect(evaluateCondition(condition, context)).toEqual({ met, unresolved: false });
});

test("variables are put in, and one without a value is told", () => {
  const condition = conditionOf("StringEquals", "kms:Key", "user-${aws:username}");
  const actual: [string, string[]] = ["kms:key", ["user-ada"]];
  expect(evaluateCondition(condition, new Map([actual, ["aws:username", ["ada"]]]))).toEqual({
    met: true,
    unresolved: false,
  });
  expect(evaluateCondition(condition, new Map([actual]))).toEqual({ met: false, unresolved: true });
  const several = new Map([actual, ["aws:username", ["ada", "bob"]]] as const);
  expect(evaluateCondition(condition, several)).toEqual({ met: false, unresolved: true });
});

test("a variable without a value is told of an ARN too, whatever the request has", () => {
  const condition = conditionOf("ArnNotLike", "aws:SourceArn", "arn:aws:iam::*:user/${aws:username}");
  expect(evaluateCondition(condition, new Map([["aws:sourcearn", ["no ARN"]]]))).toEqual({
    met: true,
    unresolved: true,
  });
});

test("part of an ARN may be a variable, with wildcards beside it that are none", () => {
  const condition = conditionOf(
    "ArnLike",
    "aws:SourceArn",
    "arn:aws:iam::${aws:PrincipalAccount}:user/${*}*",
  );
  const outcome = (arn: string) =>
    evaluateCondition(
      condition,
      new Map([
        ["aws:sourcearn", [arn]],
        ["aws:principalaccount", ["111122223333"]],
      ]),
    ).met;
  expect(outcome("arn:aws:iam::111122223333:user/*a")).toBe(true);
  expect(outcome("arn:aws:iam::111122223333:user/a")).toBe(false);
  expect(outcome("arn:aws:iam::444455556666:user/*a")).toBe(false);
});
