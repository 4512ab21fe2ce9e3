/**
 * The decision over all policies that have a say (IAM User Guide, "Policy evaluation logic"; AWS KMS Developer Guide, "Key
 * access").
 *
 * A Deny anywhere decides. Nothing is allowed that nothing allows. What is particular about keys: the key policy comes
 * first, and policies of identities count only as far as it names their account.
 */
import type { Caller } from "./caller.ts";
import type { PolicyDocument } from "./document.ts";
import type { Reach } from "./principal-element.ts";
import { evaluateStatement, type Request, type StatementOutcome } from "./statement.ts";

/** The policies that have a say in a request. */
export interface Policies {
  /** Policy of the key that the request is about, with the account that owns it; absent for requests about no key. */
  readonly key?: { readonly accountId: string; readonly policy: PolicyDocument };
  /** Of the user, the role or the groups. */
  readonly identity: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  /** Of the session, as given when it began. */
  readonly session?: readonly PolicyDocument[];
  /** Whether a grant on the key allows it ({@link grantAllows}). */
  readonly granted?: boolean;
  /** Whether the action can be used on keys of other accounts. */
  readonly crossAccount?: boolean;
}

export type Reason =
  | "ExplicitDeny"
  | "KeyPolicy"
  | "KeyPolicyAndIdentityPolicy"
  | "IdentityPolicy"
  | "RootUser"
  | "Grant"
  | "KeyPolicyDoesNotAllow"
  | "IdentityPolicyDoesNotAllow"
  | "BoundaryDoesNotAllow"
  | "SessionPolicyDoesNotAllow"
  | "NotAcrossAccounts";

export interface Decision {
  readonly allowed: boolean;
  readonly reason: Reason;
  /** Every statement of every policy, with what became of it. */
  readonly outcomes: readonly PolicyOutcome[];
}

export interface PolicyOutcome {
  readonly policy: "key" | "identity" | "boundary" | "session";
  readonly statements: readonly StatementOutcome[];
}

export function decide(request: Request, policies: Policies): Decision {
  const asked = withBoundary(request, policies);
  const key = policies.key && evaluate("key", [policies.key.policy], asked);
  const identity = evaluate("identity", policies.identity, request);
  const boundary = policies.boundary && evaluate("boundary", [policies.boundary], request);
  const session = policies.session && evaluate("session", policies.session, request);
  const outcomes = [key, identity, boundary, session].filter((outcome) => outcome !== undefined);
  const decided = (allowed: boolean, reason: Reason): Decision => ({ allowed, reason, outcomes });

  if (outcomes.some((outcome) => has(outcome, "Deny"))) return decided(false, "ExplicitDeny");

  const limits = limitOf(boundary, session);
  const byIdentity = identityVerdict(request.caller, identity, limits);
  if (policies.key === undefined || key === undefined) {
    return byIdentity === undefined ? decided(true, ownReason(request.caller)) : decided(false, byIdentity);
  }
  const reaches = reachesOf(key);
  if (accountOf(request.caller) !== undefined && accountOf(request.caller) !== policies.key.accountId) {
    if (policies.crossAccount !== true) return decided(false, "NotAcrossAccounts");
    if (reaches.length === 0 && policies.granted !== true) return decided(false, "KeyPolicyDoesNotAllow");
    if (byIdentity !== undefined) return decided(false, byIdentity);
    return decided(true, reaches.length > 0 ? "KeyPolicyAndIdentityPolicy" : "Grant");
  }
  const direct = reaches.filter((reach) => reach !== "account");
  if (
    direct.some((reach) => isUnlimited(reach, request.caller)) ||
    (direct.length > 0 && limits === undefined)
  )
    return decided(true, "KeyPolicy");
  if (policies.granted === true) return decided(true, "Grant");
  if (direct.length > 0) return decided(false, limits ?? "KeyPolicyDoesNotAllow");
  if (reaches.length === 0) return decided(false, "KeyPolicyDoesNotAllow");
  return byIdentity === undefined ? decided(true, "KeyPolicyAndIdentityPolicy") : decided(false, byIdentity);
}

/** The request of a caller who has a permissions boundary says so. */
export function withBoundary(request: Request, { boundary }: Pick<Policies, "boundary">): Request {
  return boundary === undefined ? request : { ...request, bounded: true };
}

function evaluate(
  policy: PolicyOutcome["policy"],
  documents: readonly PolicyDocument[],
  request: Request,
): PolicyOutcome {
  const statements: StatementOutcome[] = [];
  for (const document of documents)
    for (const statement of document.statements) statements.push(evaluateStatement(statement, request));
  return { policy, statements };
}

/** Whether a statement of this effect applies. */
function has({ statements }: PolicyOutcome, effect: "Allow" | "Deny"): boolean {
  return statements.some(({ statement, reach }) => reach !== undefined && statement.effect === effect);
}

/** How directly each Allow that applies names the caller. */
function reachesOf({ statements }: PolicyOutcome): Reach[] {
  const reaches: Reach[] = [];
  for (const { statement, reach } of statements)
    if (reach !== undefined && statement.effect === "Allow") reaches.push(reach);
  return reaches;
}

/** Why boundary or session policy stand in the way; `undefined` if they don't. */
function limitOf(
  boundary: PolicyOutcome | undefined,
  session: PolicyOutcome | undefined,
): "BoundaryDoesNotAllow" | "SessionPolicyDoesNotAllow" | undefined {
  if (boundary !== undefined && !has(boundary, "Allow")) return "BoundaryDoesNotAllow";
  return session !== undefined && !has(session, "Allow") ? "SessionPolicyDoesNotAllow" : undefined;
}

/** Why the caller's own account does not allow it; `undefined` if it does. A root user has all that its account has. */
function identityVerdict(
  caller: Caller,
  identity: PolicyOutcome,
  limits: ReturnType<typeof limitOf>,
): Exclude<Reason, "ExplicitDeny"> | undefined {
  if (caller.type === "Root") return limits;
  return has(identity, "Allow") ? limits : "IdentityPolicyDoesNotAllow";
}

function ownReason(caller: Caller): Reason {
  return caller.type === "Root" ? "RootUser" : "IdentityPolicy";
}

/**
 * Whether the key policy's word is enough, whatever boundary and session policy leave out: it is for users and for a session that
 * is named itself, and not for one that is named by its role or among everyone.
 */
function isUnlimited(reach: Reach, caller: Caller): boolean {
  return reach === "session" || (reach === "everyone" && caller.type !== "AssumedRole");
}

/** Services and anonymous callers belong to no account. */
function accountOf(caller: Caller): string | undefined {
  return "accountId" in caller ? caller.accountId : undefined;
}
