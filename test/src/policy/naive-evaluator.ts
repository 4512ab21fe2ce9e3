/**
 * A second evaluator of IAM policies, written from AWS's pages alone: slow, plain, and over the documents as they are written, so that
 * what it has in common with `packages/policy` are the pages and nothing else.
 *
 * IAM User Guide: "Policy evaluation for requests within a single account", "Cross-account policy evaluation logic", "Permissions
 * boundaries for IAM entities", "IAM JSON policy elements" (Principal, NotPrincipal, variables). AWS KMS Developer Guide: "KMS key
 * access and permissions", "Key policies", "Grants in AWS KMS". Where they are silent, docs/decisions/0070.
 */
import { conditionsAreMet, type Values } from "./naive-conditions.ts";
import { textFits } from "./naive-text.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface Somebody {
  readonly kind: "root" | "user" | "role session" | "federated user" | "service" | "anonymous";
  readonly account?: string;
  readonly arn?: string;
  /** Of the role, for a session. */
  readonly role?: string;
  /** Such as `s3.amazonaws.com`. */
  readonly service?: string;
}

export interface Question {
  readonly who: Somebody;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  readonly resource?: string;
  readonly values: Values;
}

/** Everything that has a say, as JSON. */
export interface World {
  readonly keyAccount?: string;
  readonly keyPolicy?: Json;
  readonly identityPolicies: readonly Json[];
  readonly boundary?: Json;
  readonly sessionPolicies?: readonly Json[];
  readonly grants: readonly Json[];
  readonly usableFromOtherAccounts: boolean;
}

export function naivelyAllowed(question: Question, world: World): boolean {
  const { who } = question;
  const identityPolicies = world.identityPolicies;
  const boundaries = world.boundary === undefined ? [] : [world.boundary];
  const sessionPolicies = world.sessionPolicies ?? [];
  const keyPolicies = world.keyPolicy === undefined ? [] : [world.keyPolicy];

  // "An explicit deny in any of these policies overrides the allow."
  for (const policy of [...keyPolicies, ...identityPolicies, ...boundaries, ...sessionPolicies]) {
    for (const statement of statementsOf(policy)) {
      if (statement["Effect"] === "Deny" && covers(policy, statement, question, world) !== "no") return false;
    }
  }

  const withinBoundary = world.boundary === undefined || allowedBy([world.boundary], question, world);
  const withinSession =
    world.sessionPolicies === undefined || allowedBy(world.sessionPolicies, question, world);
  const withinLimits = withinBoundary && withinSession;
  const byOwnAccount = (who.kind === "root" || allowedBy(identityPolicies, question, world)) && withinLimits;

  // Operations on no key are for the caller's own account to allow.
  if (world.keyPolicy === undefined) return byOwnAccount;

  const named = new Set<Covering>();
  for (const statement of statementsOf(world.keyPolicy)) {
    if (statement["Effect"] === "Allow") named.add(covers(world.keyPolicy, statement, question, world));
  }
  named.delete("no");
  const granted = world.grants.some((grant) => grantCovers(grant, question));

  if (who.account !== undefined && who.account !== world.keyAccount) {
    // Both accounts have to agree, and the operation must be one that reaches over accounts at all.
    return world.usableFromOtherAccounts && (named.size > 0 || granted) && byOwnAccount;
  }
  if (granted) return true;
  // A session that is named itself, a user, a service: not limited by what boundary and session policy leave out.
  if (named.has("itself")) return true;
  if (named.has("everyone") && who.kind !== "role session") return true;
  // A session that is let in by its role's name, or with everyone: limited by both.
  if ((named.has("its role") || named.has("everyone")) && withinLimits) return true;
  // Who is named directly, and then limited, is not let in by the account's policies either, since the same limits hold there.
  return named.has("its account") && byOwnAccount;
}

type Covering = "itself" | "its role" | "everyone" | "its account" | "no";

function statementsOf(policy: Json): readonly Json[] {
  return listOf(policy["Statement"]) as readonly Json[];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function allowedBy(policies: readonly Json[], question: Question, world: World): boolean {
  return policies.some((policy) =>
    statementsOf(policy).some(
      (statement) => statement["Effect"] === "Allow" && covers(policy, statement, question, world) !== "no",
    ),
  );
}

/** Whether a statement is about this request, and by what name it calls the caller. */
function covers(policy: Json, statement: Json, question: Question, world: World): Covering {
  const allow = statement["Effect"] === "Allow";
  const variables = policy["Version"] === "2012-10-17";
  const named = principalCovers(statement, question.who, world.boundary !== undefined);
  if (named === "no") return "no";

  const actions = listOf(statement["Action"] ?? statement["NotAction"]) as string[];
  if (actions.length === 0) return "no";
  const among = actions.some((one) => textFits(one.toLowerCase(), question.action.toLowerCase(), false, {}));
  if (among !== true && statement["Action"] !== undefined) return "no";
  if (among === true && statement["NotAction"] !== undefined) return "no";

  const resources = listOf(statement["Resource"] ?? statement["NotResource"]) as string[];
  if (resources.length === 0) return "no";
  const fits = resources.map((one) => textFits(one, question.resource ?? "*", variables, question.values));
  if (statement["Resource"] !== undefined && !fits.includes(true)) return "no";
  if (statement["NotResource"] !== undefined) {
    if (fits.includes(true)) return "no";
    if (allow && fits.includes(undefined)) return "no";
  }

  const met = conditionsAreMet(statement["Condition"], variables, question.values);
  if (met === true) return named;
  return met === "met but for a variable" && !allow ? named : "no";
}

function principalCovers(statement: Json, who: Somebody, hasBoundary: boolean): Covering {
  if (statement["NotPrincipal"] !== undefined) {
    const others = statement["NotPrincipal"];
    if (statement["Effect"] === "Deny") {
      // "Will always deny any IAM principal that has a permissions boundary policy attached."
      if (hasBoundary) return "everyone";
      return namedWhole(others, who) ? "no" : "everyone";
    }
    return namedAtAll(others, who) ? "no" : "everyone";
  }
  const principal = statement["Principal"];
  // A policy of an identity has no Principal: it is about whom it is attached to.
  if (principal === undefined) return "itself";
  if (namesItself(principal, who)) return "itself";
  if (who.role !== undefined && arnsIn(principal).includes(who.role)) return "its role";
  if (namesEveryone(principal)) return "everyone";
  return namesAccount(principal, who.account) ? "its account" : "no";
}

function arnsIn(principal: unknown): readonly unknown[] {
  return principal === "*" ? ["*"] : listOf((principal as Json)["AWS"]);
}

function namesEveryone(principal: unknown): boolean {
  return arnsIn(principal).includes("*");
}

function namesAccount(principal: unknown, account: string | undefined): boolean {
  return arnsIn(principal).some(
    (name) =>
      account !== undefined &&
      (name === account ||
        (String(name).startsWith("arn:aws") && String(name).endsWith(`:iam::${account}:root`))),
  );
}

function namesItself(principal: unknown, who: Somebody): boolean {
  if (who.kind === "anonymous") return false;
  if (who.kind === "service")
    return principal !== "*" && listOf((principal as Json)["Service"]).includes(who.service);
  if (who.kind === "root") return namesAccount(principal, who.account);
  return arnsIn(principal).includes(who.arn);
}

/** With Deny, NotPrincipal has to name the account and the principal in it; for a session the role too. */
function namedWhole(others: unknown, who: Somebody): boolean {
  if (namesEveryone(others)) return true;
  if (who.kind === "root" || who.kind === "service") return namesItself(others, who);
  if (who.kind === "anonymous") return false;
  const role = who.role === undefined || arnsIn(others).includes(who.role);
  return namesItself(others, who) && role && namesAccount(others, who.account);
}

function namedAtAll(others: unknown, who: Somebody): boolean {
  return (
    namesEveryone(others) ||
    namesItself(others, who) ||
    namesAccount(others, who.account) ||
    (who.role !== undefined && arnsIn(others).includes(who.role))
  );
}

/** A grant as ListGrants shows it. */
function grantCovers(grant: Json, { who, action, values }: Question): boolean {
  const grantee = grant["GranteePrincipal"];
  const isGrantee = grantee === (who.kind === "service" ? who.service : who.arn) || grantee === who.role;
  if (who.kind === "anonymous" || !isGrantee) return false;
  const operation = action.slice("kms:".length);
  if (!listOf(grant["Operations"]).includes(operation)) return false;
  // "Grant constraints are not applied to DescribeKey and RetireGrant"; of CreateGrant they bind the grants that it makes.
  if (["CreateGrant", "DescribeKey", "RetireGrant"].includes(operation)) return true;
  const constraints = (grant["Constraints"] ?? {}) as Json;
  const context = encryptionContextIn(values);
  const equals = constraints["EncryptionContextEquals"] as Json | undefined;
  const subset = constraints["EncryptionContextSubset"] as Json | undefined;
  if (equals !== undefined && JSON.stringify(sorted(equals)) !== JSON.stringify(sorted(context)))
    return false;
  return Object.entries(subset ?? {}).every(([name, value]) => context[name] === value);
}

export function encryptionContextIn(values: Values): Record<string, string> {
  const prefix = "kms:EncryptionContext:";
  const names = Object.keys(values).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), values[name]?.[0] ?? ""]));
}

function sorted(record: Json): readonly unknown[] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
