/** The shapes of policies that the matrix asks for: what the key, the caller's account and the caller's session say. */
import { AWAY, type CallerKind, HOME } from "./callers.ts";
import type { Json } from "./naive-evaluator.ts";

export interface Shape {
  readonly title: string;
  readonly key: Json;
  readonly identity: readonly Json[];
  readonly boundary?: Json;
  readonly session?: readonly Json[];
  /** Whether it is about one condition operator. */
  readonly operator?: true;
}

export const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";

/** Every operator, with the keys that it is asked of (one of one value, one of several) and what it wants. */
const OPERATORS: readonly (readonly [string, string, string, unknown])[] = [
  ["StringEquals", "aws:PrincipalTag/team", "kms:EncryptionContextKeys", ["orders", "department"]],
  ["StringNotEquals", "aws:PrincipalTag/team", "kms:EncryptionContextKeys", ["orders", "department"]],
  [
    "StringEqualsIgnoreCase",
    "kms:EncryptionContext:department",
    "kms:GrantOperations",
    ["ORDERS", "decrypt"],
  ],
  [
    "StringNotEqualsIgnoreCase",
    "kms:EncryptionContext:department",
    "kms:GrantOperations",
    ["ORDERS", "decrypt"],
  ],
  ["StringLike", "kms:ViaService", "kms:ResourceAliases", ["s3.*.amazonaws.com", "alias/o?ders*"]],
  ["StringNotLike", "kms:ViaService", "kms:ResourceAliases", ["s3.*.amazonaws.com", "alias/o?ders*"]],
  ["NumericEquals", "kms:RotationPeriodInDays", "kms:ExampleNumbers", "365"],
  ["NumericNotEquals", "kms:RotationPeriodInDays", "kms:ExampleNumbers", 365],
  ["NumericLessThan", "kms:RotationPeriodInDays", "kms:ExampleNumbers", [90, "365"]],
  ["NumericLessThanEquals", "kms:RotationPeriodInDays", "kms:ExampleNumbers", 365],
  ["NumericGreaterThan", "kms:RotationPeriodInDays", "kms:ExampleNumbers", "90.5"],
  ["NumericGreaterThanEquals", "kms:RotationPeriodInDays", "kms:ExampleNumbers", 365],
  ["DateEquals", "aws:CurrentTime", "kms:ExampleDates", "2026-01-01T12:00:00Z"],
  ["DateNotEquals", "aws:CurrentTime", "kms:ExampleDates", "2026-01-01T12:00:00Z"],
  ["DateLessThan", "aws:TokenIssueTime", "kms:ExampleDates", "2026-01-01T11:00:00Z"],
  ["DateLessThanEquals", "aws:TokenIssueTime", "kms:ExampleDates", "2026-01-01T11:00:00Z"],
  ["DateGreaterThan", "kms:ValidTo", "kms:ExampleDates", "1767225600"],
  ["DateGreaterThanEquals", "kms:ValidTo", "kms:ExampleDates", "2026-01-01"],
  ["Bool", "aws:MultiFactorAuthPresent", "kms:ExampleTruths", true],
  ["BinaryEquals", "kms:ExampleDigest", "kms:ExampleDigests", ["AQID", "AAAA"]],
  ["IpAddress", "aws:SourceIp", "kms:ExampleAddresses", ["10.0.0.0/8", "2001:db8::/32"]],
  ["NotIpAddress", "aws:SourceIp", "kms:ExampleAddresses", ["10.0.0.0/8", "2001:db8::/32"]],
  ["ArnEquals", "aws:PrincipalArn", "kms:ExampleArns", `arn:aws:iam::${HOME}:user/*`],
  ["ArnNotEquals", "aws:PrincipalArn", "kms:ExampleArns", `arn:aws:iam::${HOME}:user/*`],
  ["ArnLike", "aws:SourceArn", "kms:ExampleArns", ["arn:aws:s3:::*", "arn:aws:*::*:role/ops/?eploy"]],
  ["ArnNotLike", "aws:SourceArn", "kms:ExampleArns", ["arn:aws:s3:::*", "arn:aws:*::*:role/ops/?eploy"]],
];

/** All shapes for a caller and the account that owns the key. */
export function shapesFor({ named, whole }: CallerKind, keyAccount: string): readonly Shape[] {
  const Resource = "*";
  const every = { Effect: "Allow", Action: "kms:*", Resource };
  const keyArn = `arn:aws:kms:us-east-1:${keyAccount}:key/${KEY_ID}`;
  const delegating = [HOME, AWAY].map((account) => ({ ...every, Principal: { AWS: account } }));
  const direct = { ...every, Principal: named };
  const everybody = { ...every, Principal: "*" };
  const deny = { ...every, Effect: "Deny" };
  const key = (title: string, ...statements: readonly object[]): Shape => ({
    title,
    key: document(...statements),
    identity: [],
  });
  const both = (title: string, ...statements: readonly object[]): Shape => ({
    ...key(title, ...statements),
    identity: [document(every)],
  });
  const attached = (title: string, ...statements: readonly object[]): Shape => ({
    ...key(title, ...delegating),
    identity: [document(...statements)],
  });

  return [
    both("delegation to the root users", ...delegating),
    key("delegation, and nothing at the identity", ...delegating),
    both("delegation to the key's account alone", {
      ...every,
      Principal: { AWS: `arn:aws:iam::${keyAccount}:root` },
    }),
    key("a direct Allow", direct),
    both("a direct Allow on both sides", direct),
    both("an Allow for somebody else", { ...every, Principal: { AWS: `arn:aws:iam::${HOME}:user/zoe` } }),
    key("everyone", everybody),
    both("everyone of AWS, on both sides", { ...every, Principal: { AWS: "*" } }),
    both("everyone, beside the account", { ...every, Principal: { AWS: ["*", keyAccount] } }),
    key("everyone of one account by condition", {
      ...everybody,
      Condition: { StringEquals: { "kms:CallerAccount": HOME } },
    }),
    both("NotPrincipal with Deny that names the caller whole", everybody, {
      ...deny,
      NotPrincipal: whole,
    }),
    both("NotPrincipal with Deny that names the caller alone", everybody, {
      ...deny,
      NotPrincipal: named,
    }),
    both("NotPrincipal with Deny that names everyone", direct, { ...deny, NotPrincipal: "*" }),
    both("NotPrincipal with Allow", { ...every, NotPrincipal: named }),
    both("NotPrincipal with Allow that names another", {
      ...every,
      NotPrincipal: { AWS: `arn:aws:iam::${AWAY}:user/zoe` },
    }),
    both("a service besides", { ...every, Principal: { Service: "s3.amazonaws.com", AWS: keyAccount } }),
    both("a deleted user's id", { ...every, Principal: { AWS: "AIDAEXAMPLEEXAMPLE01" } }),
    key("actions by name", { ...direct, Action: ["kms:Decrypt", "KMS:describekey"] }),
    key("actions by wildcards", { ...direct, Action: ["kms:Gen*", "kms:*crypt*", "kms:??gn"] }),
    both("NotAction with Allow", { ...direct, Action: undefined, NotAction: ["kms:Put*", "kms:*Key"] }),
    both("NotAction with Deny", direct, {
      ...deny,
      Principal: "*",
      Action: undefined,
      NotAction: "kms:*crypt",
    }),
    key("the key by its ARN", { ...direct, Resource: keyArn }),
    key("keys by wildcards", { ...direct, Resource: ["arn:aws:kms:*:*:key/1234????-*", "arn:aws:s3:::*"] }),
    key("another key", { ...direct, Resource: keyArn.replace("1234", "4321") }),
    both("NotResource with Allow", {
      ...direct,
      Resource: undefined,
      NotResource: "arn:aws:kms:*:*:alias/*",
    }),
    both("NotResource with Deny", direct, {
      ...deny,
      Principal: { AWS: keyAccount },
      Resource: undefined,
      NotResource: "arn:aws:kms:us-west-2:*",
    }),
    both("a Deny in the key policy for the caller", everybody, { ...deny, Principal: named }),
    both("a Deny in the key policy for the account", everybody, { ...deny, Principal: { AWS: keyAccount } }),
    both("a Deny in the key policy on a condition", everybody, {
      ...deny,
      Principal: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    }),
    { ...key("a Deny in a policy of the identity", everybody), identity: [document(every), document(deny)] },
    {
      ...both("a Deny in the boundary", everybody),
      boundary: document(every, { ...deny, Action: "kms:*e*" }),
    },
    { ...both("a Deny in the session policy", everybody), session: [document(every), document(deny)] },
    { ...both("an empty list of session policies", direct), session: [] },
    attached("identity: the key by its ARN", { ...every, Resource: keyArn }),
    attached("identity: the key's account by wildcard", { ...every, Resource: `arn:aws:kms:*:${HOME}:*` }),
    attached("identity: aliases alone", { ...every, Resource: "arn:aws:kms:*:*:alias/*" }),
    attached("identity: an alias by condition", {
      ...every,
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/orders" } },
    }),
    attached("identity: only through a service", {
      ...every,
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    }),
    attached("identity: NotAction and NotResource", {
      Effect: "Allow",
      NotAction: "kms:Schedule*",
      NotResource: "arn:aws:s3:::*",
    }),
    both("a variable in Resource", { ...direct, Resource: `arn:aws:kms:*:\${aws:PrincipalAccount}:key/*` }),
    both("a variable in NotResource", {
      ...direct,
      Resource: undefined,
      NotResource: "arn:aws:kms:*:*:key/${aws:username}",
    }),
    both("a variable in a condition", {
      ...direct,
      Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}" } },
    }),
    both("a variable with a default", {
      ...direct,
      Condition: { StringEquals: { "aws:PrincipalTag/team": "${aws:RequestTag/team, 'orders'}" } },
    }),
    both("a variable without value in a Deny", direct, {
      ...deny,
      Principal: "*",
      Condition: { StringNotEquals: { "aws:PrincipalTag/team": "${aws:RequestTag/team}" } },
    }),
    both("a variable without value beside one that fits", {
      ...direct,
      Condition: { StringLike: { "aws:PrincipalTag/team": ["${aws:RequestTag/team}", "*"] } },
    }),
    {
      title: "variables in the older version are texts",
      key: { Statement: { ...direct, Resource: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*" } },
      identity: [{ Statement: every }],
    },
    both("wildcards as themselves", { ...direct, Resource: "arn:aws:kms:us-east-1:*:key/${*}" }),
    both("a statement without Resource", { ...direct, Resource: undefined }),
    both("a statement without Action", { ...direct, Action: undefined }),
    both("a Deny without Resource", direct, { ...deny, Principal: "*", Resource: undefined }),
    both("an empty Condition", { ...direct, Condition: {} }),
    both("several conditions, all of them", {
      ...direct,
      Condition: {
        Bool: { "aws:SecureTransport": true },
        StringLike: { "aws:PrincipalArn": "*a*", "KMS:calleraccount": `${HOME}*` },
      },
    }),
    both("Null: the key has to be there", { ...direct, Condition: { Null: { "kms:ViaService": false } } }),
    both("Null: the key must not be there", { ...direct, Condition: { Null: { "kms:ViaService": "true" } } }),
    both("Null over several keys in a Deny", direct, {
      ...deny,
      Principal: "*",
      Condition: { "ForAllValues:Null": { "kms:EncryptionContextKeys": "true" } },
    }),
    ...OPERATORS.flatMap(([operator, single, several, wanted]) => {
      const on = (name: string, conditionKey: string) =>
        both(`${name} of ${conditionKey}`, { ...direct, Condition: { [name]: { [conditionKey]: wanted } } });
      const denying = (name: string, conditionKey: string) =>
        both(`Deny, ${name} of ${conditionKey}`, everybody, {
          ...deny,
          Principal: named,
          Condition: { [name]: { [conditionKey]: wanted } },
        });
      return [
        on(operator, single),
        on(operator, several),
        on(`${operator}IfExists`, single),
        on(`ForAllValues:${operator}`, several),
        on(`ForAnyValue:${operator}`, several),
        on(`ForAnyValue:${operator}IfExists`, several),
        denying(operator, single),
        denying(`ForAllValues:${operator}`, several),
      ].map((shape): Shape => ({ ...shape, operator: true }));
    }),
  ];
}

function document(...Statement: readonly object[]): Json {
  return { Version: "2012-10-17", Statement };
}
