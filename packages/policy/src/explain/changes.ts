/**
 * What would have to change for a denied request to be allowed.
 *
 * Found by trying: the obstacle that the decision names is taken out of the way, and what is left is decided again, until the
 * request is allowed. So what is told is enough, and nothing of it is superfluous in the order in which it is told.
 */
import type { Caller } from "../caller.ts";
import { decide, type Policies, type PolicyOutcome } from "../decide.ts";
import type { PolicyDocument, Statement } from "../document.ts";
import { parsePattern } from "../pattern.ts";
import { principalElement } from "../principal-element.ts";
import { evaluateStatement, type Request } from "../statement.ts";
import { describeMiss, missesOf } from "./misses.ts";
import { type ExplainOptions, namedPolicies } from "./named-policies.ts";

/** One thing that has to change; any of the options will do. */
export interface Change {
  readonly policy: PolicyOutcome["policy"] | "caller";
  readonly options: readonly string[];
}

/** Each obstacle is met once: Deny, key policy, identity policy, boundary, session policy. */
const OBSTACLES = 5;

/** Empty if nothing would allow it. */
export function changesFor(request: Request, given: Policies, options: ExplainOptions): Change[] {
  const changes: Change[] = [];
  let policies = given;
  for (let round = 0; round <= OBSTACLES; round++) {
    const { allowed, reason } = decide(request, policies);
    if (allowed) return changes;
    if (reason === "ExplicitDeny") {
      changes.push(...denials(request, policies, options));
      policies = withoutDenials(request, policies);
    } else if (reason === "KeyPolicyDoesNotAllow" && policies.key !== undefined) {
      changes.push({ policy: "key", options: keyPolicyOptions(request, policies, options) });
      policies = { ...policies, key: { ...policies.key, policy: allowing(policies.key.policy, request) } };
    } else if (reason === "IdentityPolicyDoesNotAllow") {
      if (!("accountId" in request.caller)) return [...changes, ofNobody(request)];
      changes.push({ policy: "identity", options: identityOptions(request, policies, options) });
      policies = { ...policies, identity: [...policies.identity, allowing(EMPTY, request)] };
    } else if (reason === "BoundaryDoesNotAllow") {
      changes.push(limit("boundary", "the permissions boundary", request, policies, options));
      policies = { ...policies, boundary: allowing(EMPTY, request) };
    } else if (reason === "SessionPolicyDoesNotAllow") {
      changes.push(limit("session", "the session policy", request, policies, options));
      policies = { ...policies, session: [allowing(EMPTY, request)] };
    } else {
      const account = given.key?.accountId ?? "the key's account";
      return [
        ...changes,
        { policy: "caller", options: [`call it as a principal of ${account}, which owns the key`] },
      ];
    }
  }
  return changes;
}

const EMPTY: PolicyDocument = { version: "2012-10-17", statements: [] };

/** The document with a statement more, which allows everything to the caller, or to one ARN. */
function allowing(
  { version, statements }: PolicyDocument,
  { caller }: Pick<Request, "caller">,
  arn: string | undefined = nameOfCaller(caller),
): PolicyDocument {
  const anything = {
    negated: false,
    patterns: [parsePattern("*", { wildcards: true, variables: false })],
  };
  const principal = principalElement(
    caller.type === "Service" ? { services: [caller.service] } : { aws: [arn ?? "*"] },
  );
  const added: Statement = {
    place: "added",
    effect: "Allow",
    principal,
    action: anything,
    resource: anything,
    conditions: [],
  };
  return { version, statements: [...statements, added] };
}

/** By what policies name the caller: a session by its role. Absent for those who have no ARN. */
function nameOfCaller(caller: Caller): string | undefined {
  if (caller.type === "AssumedRole") return caller.roleArn;
  return "arn" in caller ? caller.arn : undefined;
}

/** Each Deny that applies has to go, so each is a change of its own. */
function denials(request: Request, policies: Policies, options: ExplainOptions): Change[] {
  return namedPolicies(policies, options).flatMap(({ policy, policyName, document }) =>
    document.statements.filter(denies(request)).map((statement): Change => {
      const where = placeOf(statement, policyName);
      const escapes = statement.conditions.map(
        ({ name, spelling, key, values }) =>
          `make a request that ${name} ${spelling} (${values.map(({ source }) => quoted(source)).join(" or ")}) ` +
          `of ${where} does not meet; this one has ${foundText(request.context.get(key) ?? [])}`,
      );
      return { policy, options: [`remove the Deny in ${where}, or except this request from it`, ...escapes] };
    }),
  );
}

function denies(request: Request): (statement: Statement) => boolean {
  return (statement) =>
    statement.effect === "Deny" && evaluateStatement(statement, request).reach !== undefined;
}

function withoutDenials(request: Request, policies: Policies): Policies {
  const isDenial = denies(request);
  const mended = ({ version, statements }: PolicyDocument): PolicyDocument => ({
    version,
    statements: statements.filter((statement) => !isDenial(statement)),
  });
  const { key, boundary, session } = policies;
  return {
    ...policies,
    identity: policies.identity.map(mended),
    ...(key === undefined ? {} : { key: { ...key, policy: mended(key.policy) } }),
    ...(boundary === undefined ? {} : { boundary: mended(boundary) }),
    ...(session === undefined ? {} : { session: session.map(mended) }),
  };
}

function keyPolicyOptions(request: Request, policies: Policies, told: ExplainOptions): string[] {
  const { caller, action } = request;
  const options = nearMisses("key", request, policies, told);
  if (caller.type === "Anonymous") return [...options, `the key policy must allow ${action} to "*"`];
  if (caller.type === "Service")
    return [...options, `the key policy must allow ${action} to the service ${caller.service}`];
  const named = nameOfCaller(caller);
  options.push(`the key policy must allow ${action} to ${named}`);
  if (caller.type !== "Root" && policies.key !== undefined) {
    const root = `arn:${caller.arn.split(":")[1]}:iam::${caller.accountId}:root`;
    const delegating = allowing(policies.key.policy, request, root);
    const { allowed } = decide(request, { ...policies, key: { ...policies.key, policy: delegating } });
    options.push(
      `the key policy must allow ${action} to ${root}, which leaves it to the caller's own policies; ` +
        `they ${allowed ? "allow it already" : "must allow it then"}`,
    );
  }
  if (told.grantable === true)
    options.push(`a grant on the key must allow ${action.replace(/^kms:/i, "")} to ${named}`);
  return options;
}

function identityOptions(request: Request, policies: Policies, told: ExplainOptions): string[] {
  const { action, caller, resource = "*" } = request;
  const options = nearMisses("identity", request, policies, told);
  const holder = nameOfCaller(caller);
  options.push(`an identity policy of ${holder} must allow ${action} on ${resource}`);
  if (policies.key !== undefined && "accountId" in caller && caller.accountId === policies.key.accountId)
    options.push(`the key policy must allow ${action} to ${holder} itself`);
  return options;
}

function limit(
  policy: "boundary" | "session",
  name: string,
  request: Request,
  policies: Policies,
  options: ExplainOptions,
): Change {
  const { action, resource = "*" } = request;
  return {
    policy,
    options: [
      ...nearMisses(policy, request, policies, options),
      `${name} must allow ${action} on ${resource} too`,
    ],
  };
}

/** Allows that fail on conditions alone: the request may be the one that is wrong. */
function nearMisses(
  kind: PolicyOutcome["policy"],
  request: Request,
  policies: Policies,
  options: ExplainOptions,
): string[] {
  return namedPolicies(policies, options)
    .filter(({ policy }) => policy === kind)
    .flatMap(({ policyName, document }) =>
      document.statements.flatMap((statement) => {
        const missed = missesOf(statement, request);
        const near = missed.length > 0 && missed.every(({ element }) => element === "Condition");
        if (statement.effect !== "Allow" || !near) return [];
        return [
          `make a request that meets ${placeOf(statement, policyName)}: ${missed.map(describeMiss).join("; ")}`,
        ];
      }),
    );
}

/** Who has no account has no identity policies either. */
function ofNobody({ action }: Request): Change {
  const options = [`call it as a principal of an account: ${action} is allowed by identity policies alone`];
  return { policy: "caller", options };
}

function placeOf({ place, sid }: Statement, policyName: string): string {
  return `${place}${sid === undefined ? "" : ` (${sid})`} of the ${policyName}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function foundText(found: readonly string[]): string {
  return found.length === 0 ? "no value for it" : found.map(quoted).join(", ");
}
