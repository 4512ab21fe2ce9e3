/** The kinds of principal that the matrix asks for, with what their accounts attach to them. */
import type { Json, Somebody } from "./naive-evaluator.ts";

export const HOME = "111122223333";
export const AWAY = "444455556666";

/** How policies of this matrix name a caller. */
export interface CallerKind {
  readonly title: string;
  readonly who: Somebody;
  /** Element `Principal` that names the caller as directly as this kind wants it. */
  readonly named: Json | "*";
  /** All names that NotPrincipal needs to spare it. */
  readonly whole: Json | "*";
  readonly boundary?: Json;
  readonly session?: readonly Json[];
  /** Condition keys that come with the caller. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const all = document({ Effect: "Allow", Action: "kms:*", Resource: "*" });
const some = document({ Effect: "Allow", Action: ["kms:Encrypt", "kms:List*", "kms:Re*"], Resource: "*" });
const silent = document({ Effect: "Allow", Action: "s3:*", Resource: "*" });

function document(...Statement: readonly object[]): Json {
  return { Version: "2012-10-17", Statement };
}

function user(title: string, account: string, name: string, more: Partial<CallerKind> = {}): CallerKind {
  const arn = `arn:aws:iam::${account}:user/${name}`;
  return {
    title,
    who: { kind: "user", account, arn },
    named: { AWS: arn },
    whole: { AWS: [arn, account] },
    values: {
      "aws:PrincipalArn": [arn],
      "aws:PrincipalAccount": [account],
      "aws:PrincipalTag/team": ["orders"],
      "aws:username": [name.replace(/^.*\//, "")],
      "aws:MultiFactorAuthPresent": ["true"],
      "kms:CallerAccount": [account],
    },
    ...more,
  };
}

function session(
  title: string,
  account: string,
  more: Partial<CallerKind> = {},
  byItself = false,
): CallerKind {
  const role = `arn:aws:iam::${account}:role/ops/deploy`;
  const arn = `arn:aws:sts::${account}:assumed-role/deploy/night`;
  return {
    title,
    who: { kind: "role session", account, arn, role },
    named: { AWS: byItself ? arn : role },
    whole: { AWS: [arn, role, `arn:aws:iam::${account}:root`] },
    values: {
      "aws:PrincipalArn": [role],
      "aws:PrincipalAccount": [account],
      "aws:PrincipalTag/team": ["ops"],
      "aws:TokenIssueTime": ["2026-01-01T11:00:00Z"],
      "kms:CallerAccount": [account],
    },
    ...more,
  };
}

function root(title: string, account: string): CallerKind {
  const arn = `arn:aws:iam::${account}:root`;
  return {
    title,
    who: { kind: "root", account, arn },
    named: { AWS: arn },
    whole: { AWS: account },
    values: { "aws:PrincipalArn": [arn], "aws:PrincipalAccount": [account], "kms:CallerAccount": [account] },
  };
}

const federated = `arn:aws:sts::${HOME}:federated-user/eve`;

export const callerKinds: readonly CallerKind[] = [
  root("root user", HOME),
  user("user", HOME, "alice"),
  user("user with a path", HOME, "finance/east/alice"),
  user("user with a boundary that allows all", HOME, "bob", { boundary: all }),
  user("user with a boundary that allows some", HOME, "bob", { boundary: some }),
  user("user with a boundary that is silent", HOME, "bob", { boundary: silent }),
  session("role session", HOME),
  session("role session with a session policy that allows all", HOME, { session: [silent, all] }),
  session("role session with a session policy that allows some", HOME, { session: [some] }),
  session("role session with a silent session policy", HOME, { session: [silent] }),
  session("role session whose role has a boundary", HOME, { boundary: some }),
  session(
    "session named itself, with boundary and session policy",
    HOME,
    { boundary: some, session: [silent] },
    true,
  ),
  {
    title: "federated user",
    who: { kind: "federated user", account: HOME, arn: federated },
    named: { AWS: federated },
    whole: { AWS: [federated, HOME] },
    session: [some],
    values: { "aws:PrincipalArn": [federated], "aws:PrincipalAccount": [HOME], "kms:CallerAccount": [HOME] },
  },
  {
    title: "service principal",
    who: { kind: "service", service: "s3.amazonaws.com" },
    named: { Service: "s3.amazonaws.com" },
    whole: { Service: ["s3.amazonaws.com", "sns.amazonaws.com"] },
    values: {
      "aws:PrincipalIsAWSService": ["true"],
      "aws:SourceArn": [`arn:aws:s3:::bucket-of-${HOME}`],
      "aws:SourceAccount": [HOME],
    },
  },
  { title: "anonymous", who: { kind: "anonymous" }, named: "*", whole: "*", values: {} },
  root("foreign root user", AWAY),
  user("foreign user", AWAY, "mallory"),
  session("foreign role session", AWAY),
  session("foreign role session with a silent session policy", AWAY, { session: [silent] }),
];
