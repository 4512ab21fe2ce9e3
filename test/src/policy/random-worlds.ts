/** Policies and requests at random, dense in what fits: few names, few keys, every element and operator. */
import fc from "fast-check";
import { AWAY, callerKinds, HOME } from "./callers.ts";
import type { Asked } from "./compare.ts";
import type { Json, World } from "./naive-evaluator.ts";

const KEY = `arn:aws:kms:us-east-1:${HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const effect = fc.constantFrom("Allow", "Allow", "Deny");
const few = <T>(...values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const oneOrMore = <T>(values: fc.Arbitrary<readonly T[]>): fc.Arbitrary<unknown> =>
  fc.tuple(values, fc.boolean()).map(([all, alone]) => (alone ? all[0] : all));

const actions = oneOrMore(
  few("kms:*", "kms:Decrypt", "kms:De*", "KMS:d?crypt", "kms:Sign", "*", "kms:*y?t", "s3:*"),
);
const resources = oneOrMore(
  few(
    "*",
    KEY,
    "arn:aws:kms:*:*:key/*",
    `arn:aws:kms:*:\${aws:PrincipalAccount}:*`,
    "arn:aws:kms:*:alias/*",
    "arn:*${aws:username}",
    "arn:?*-*?:*${aws:none, '12'}*",
  ),
);
const names = callerKinds.flatMap(({ who }) => [who.arn, who.role].flatMap((name) => name ?? []));
const principals = fc.oneof(
  { weight: 1, arbitrary: fc.constant<unknown>("*") },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        AWS: oneOrMore(few("*", HOME, AWAY, ...names)),
        Service: oneOrMore(few("s3.amazonaws.com", "sns.amazonaws.com")),
      },
      { requiredKeys: ["AWS"] },
    ),
  },
);

const texts = [
  "orders",
  "ord*",
  "ORDERS",
  "${aws:PrincipalTag/team}",
  "${aws:none}",
  "${aws:none, 'orders'}",
  "${*}",
  "a?",
  "",
];
const arns = [
  "*",
  "arn:aws:iam::*:user/*",
  `arn:aws:iam::\${aws:PrincipalAccount}:*`,
  "arn:*:role/*",
  "${aws:PrincipalArn}",
  "${aws:none}",
  "arn:aws:iam::${aws:none}:user/a",
];
const numbers = ["1", "365", "-2.5", "1e3", "007"].filter((text) => text !== "1e3");
const dates = ["2026-01-01", "2026-01-01T12:00:00Z", "1767268800", "2026-01-01T13:00:00+01:00"];
const addresses = ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "2001:db8::/32", "::1", "2001:db8::1/128"];

const VALUES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^String/, texts],
  [/^Arn/, arns],
  [/^Numeric/, numbers],
  [/^Date/, dates],
  [/^(?:Bool|Null)$/, ["true", "false", "TRUE"]],
  [/^Binary/, ["AQID", "AAAA", "AA=="]],
  [/IpAddress$/, addresses],
];

const OPERATORS = [
  ...[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
  ],
  ...[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
  ],
  ...[
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
  ],
  ...[
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
    "Null",
  ],
];

const KEYS = [
  "aws:PrincipalTag/team",
  "AWS:principalarn",
  "kms:ResourceAliases",
  "kms:ExampleOne",
  "kms:exampleTwo",
  "kms:ExampleThree",
];

const condition = fc.constantFrom(...OPERATORS).chain((operator) => {
  const [, wanted = []] = VALUES.find(([pattern]) => pattern.test(operator)) ?? [];
  const suffix = operator === "Null" ? fc.constant("") : fc.constantFrom("", "", "IfExists");
  const prefix = fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:");
  return fc
    .tuple(prefix, suffix, fc.constantFrom(...KEYS), oneOrMore(few(...wanted)))
    .map(([before, after, key, values]) => ({ [`${before}${operator}${after}`]: { [key]: values } }));
});
const conditions = fc.array(condition, { maxLength: 2 }).map((all) => Object.assign({}, ...all) as object);

const statement = (resource: boolean): fc.Arbitrary<Json> =>
  fc
    .record({ effect, actions, resources, conditions, principals, not: fc.integer({ min: 0, max: 35 }) })
    .map(
      ({
        effect: Effect,
        actions: action,
        resources: about,
        conditions: Condition,
        principals: who,
        not,
      }) => ({
        Effect,
        [not % 5 === 1 ? "NotAction" : "Action"]: action,
        ...(resource && not === 7 ? {} : { [not % 7 === 1 ? "NotResource" : "Resource"]: about }),
        ...(resource ? { [not % 6 === 1 ? "NotPrincipal" : "Principal"]: who } : {}),
        ...(not % 2 === 0 ? {} : { Condition }),
      }),
    );

const policy = (resource: boolean): fc.Arbitrary<Json> =>
  fc
    .tuple(fc.array(statement(resource), { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 9 }))
    .map(([Statement, version]) => ({ Version: version === 0 ? "2008-10-17" : "2012-10-17", Statement }));

/** Documents that have a say, any of them absent. */
export const worlds: fc.Arbitrary<World> = fc.record(
  {
    keyAccount: fc.constantFrom(HOME, HOME, AWAY),
    keyPolicy: policy(true),
    identityPolicies: fc.array(policy(false), { maxLength: 2 }),
    boundary: policy(false),
    sessionPolicies: fc.array(policy(false), { maxLength: 2 }),
    grants: fc.constant([]),
    usableFromOtherAccounts: fc.boolean(),
  },
  { requiredKeys: ["keyAccount", "identityPolicies", "grants", "usableFromOtherAccounts"] },
);

const found = fc.uniqueArray(
  fc.constantFrom(
    "orders",
    "Orders",
    "a*",
    "",
    "365",
    "1",
    "true",
    "false",
    "2026-01-01T12:00:00Z",
    "1767225600",
    "10.1.2.3",
    "2001:db8::1",
    "AQID",
    `arn:aws:iam::${HOME}:user/a:b`,
    "none",
    "${*}",
    "*",
  ),
  { maxLength: 3 },
);

/** Requests of every kind of caller. */
export const questions: fc.Arbitrary<Asked> = fc
  .record({
    kind: fc.constantFrom(...callerKinds),
    action: fc.constantFrom("kms:Decrypt", "kms:Sign", "kms:DescribeKey"),
    one: found,
    two: found,
    grant: fc.integer({ min: 0, max: 3 }),
    usableFromOtherAccounts: fc.boolean(),
  })
  .map(({ kind: { who, values }, action, one, two, grant, usableFromOtherAccounts }) => ({
    who,
    action,
    resource: KEY,
    values: {
      ...values,
      "kms:ExampleOne": one,
      "kms:ExampleTwo": two,
      "kms:ResourceAliases": ["alias/orders", "orders"],
    },
    grants:
      grant === 0 ? [{ GranteePrincipal: who.role ?? who.arn ?? "nobody", Operations: ["Decrypt"] }] : [],
    usableFromOtherAccounts,
  }));
