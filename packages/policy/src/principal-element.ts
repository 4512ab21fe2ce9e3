/** The elements Principal and NotPrincipal: parsed, and held against a caller. */
import type { Caller } from "./caller.ts";
import type { PrincipalElement } from "./document.ts";
import { listOfTexts, objectAt } from "./json.ts";
import { PolicyError } from "./policy-error.ts";

const INVALID = "Policy contains a statement with one or more invalid principals.";
const TYPES = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);
const ACCOUNT = /^\d{12}$/;
const ACCOUNT_ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
const PRINCIPAL_ARN =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|iam::cloudfront:user\/.+|sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+))$/;
/** What AWS writes in place of a deleted user or role. */
const UNIQUE_ID = /^(?:AIDA|AROA)[A-Z0-9]{12,}$/;
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/;

/** @throws {PolicyError} if it names no principals */
export function parsePrincipal(json: unknown, place: string, negated: boolean): PrincipalElement {
  if (json === "*") return principalElement({ negated, aws: ["*"] });
  const element = objectAt(json, place, TYPES);
  const named = Object.entries(element).flatMap(([type, given]) =>
    listOfTexts(given, `${place}.${type}`).map((value, index) => ({
      type,
      value,
      at: Array.isArray(given) ? `${place}.${type}[${index}]` : `${place}.${type}`,
    })),
  );
  if (named.length === 0) throw new PolicyError(place, INVALID, true);
  const of = (wanted: string) => named.filter(({ type }) => type === wanted);
  const aws = of("AWS").map(({ value, at }) => {
    if (value === "*" || PRINCIPAL_ARN.test(value) || UNIQUE_ID.test(value)) return value;
    if (ACCOUNT.test(value)) return `arn:aws:iam::${value}:root`;
    throw new PolicyError(at, INVALID, true);
  });
  for (const { value, at } of of("Service"))
    if (!SERVICE.test(value)) throw new PolicyError(at, INVALID, true);
  const valuesOf = (type: string) => of(type).map(({ value }) => value);
  return principalElement({ negated, aws, services: valuesOf("Service"), federated: valuesOf("Federated") });
}

/** @param aws  ARNs, accounts as their root users' ARNs, and `*` for everyone */
export function principalElement({
  negated = false,
  aws = [],
  services = [],
  federated = [],
}: Partial<Pick<PrincipalElement, "negated" | "aws" | "services" | "federated">>): PrincipalElement {
  return {
    negated,
    everyone: aws.includes("*"),
    aws: aws.filter((value) => value !== "*"),
    accounts: aws.flatMap((value) => ACCOUNT_ROOT.exec(value)?.[1] ?? []),
    services,
    federated,
  };
}

/**
 * How directly an element names a caller:
 *
 * | reach | named are |
 * | --- | --- |
 * | `session` | the session itself, or a principal that is its own session: user, service, federated user |
 * | `role` | the role of the session |
 * | `everyone` | all principals |
 * | `account` | its account: in an Allow of a key policy that leaves it to the account's own policies |
 */
export type Reach = "session" | "role" | "everyone" | "account";

/**
 * `undefined` if the statement is not about this caller.
 *
 * @param bounded  whether the caller has a permissions boundary
 */
export function reachOf(
  element: PrincipalElement,
  caller: Caller,
  effect: "Allow" | "Deny",
  bounded: boolean,
): Reach | undefined {
  if (!element.negated) return namedIn(element, caller);
  return effect === "Deny" && bounded ? "everyone" : reachByOthers(element, caller, effect);
}

function namedIn(element: PrincipalElement, caller: Caller): Reach | undefined {
  if (caller.type === "Service")
    return element.services.includes(caller.service) ? "session" : everyone(element);
  if (caller.type === "Anonymous") return everyone(element);
  if (caller.type !== "Root" && element.aws.includes(caller.arn)) return "session";
  if (caller.type === "AssumedRole" && element.aws.includes(caller.roleArn)) return "role";
  const account = element.accounts.includes(caller.accountId);
  if (caller.type === "Root") return account ? "session" : everyone(element);
  // Everyone is let in without the account's own policies, so that naming the account besides takes nothing away.
  return everyone(element) ?? (account ? "account" : undefined);
}

function everyone({ everyone: all }: PrincipalElement): Reach | undefined {
  return all ? "everyone" : undefined;
}

/**
 * NotPrincipal. A Deny spares only those who are named whole, account, role and session, and nobody with a permissions boundary
 * (IAM User Guide, "Permissions boundaries for IAM entities"); an Allow reaches only those of whom nothing is named.
 */
function reachByOthers(
  element: PrincipalElement,
  caller: Caller,
  effect: "Allow" | "Deny",
): Reach | undefined {
  if (element.everyone) return undefined;
  const named = namesOf(caller).map((matches) => matches(element));
  const spared = effect === "Deny" ? named.length > 0 && !named.includes(false) : named.includes(true);
  return spared ? undefined : "everyone";
}

/** What a caller consists of, each as the question whether an element names it. */
function namesOf(caller: Caller): ((element: PrincipalElement) => boolean)[] {
  const account = (accountId: string) => (element: PrincipalElement) => element.accounts.includes(accountId);
  const arn = (name: string) => (element: PrincipalElement) => element.aws.includes(name);
  switch (caller.type) {
    case "Service":
      return [({ services }) => services.includes(caller.service)];
    case "Anonymous":
      return [];
    case "Root":
      return [account(caller.accountId)];
    case "AssumedRole":
      return [account(caller.accountId), arn(caller.roleArn), arn(caller.arn)];
    default:
      return [account(caller.accountId), arn(caller.arn)];
  }
}
