/** Who calls, as policies see it, with the policies that come along. */
import { callerOfArn, type Caller as PolicyCaller, type PolicyDocument } from "@kmslite/policy";
import type { Caller } from "../caller.ts";
import { parsedPolicy } from "./parsed-policies.ts";

export interface Principal {
  readonly caller: PolicyCaller;
  /** The policies of its account, boundary and session. */
  readonly policies: {
    readonly identity: readonly PolicyDocument[];
    readonly boundary?: PolicyDocument;
    readonly session?: readonly PolicyDocument[];
  };
  readonly asksStore: boolean;
}

const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

/** Callers are objects that live as long as a connection or an embedder's KMS. */
const known = new WeakMap<Caller, Principal>();

/** @throws {PolicyError} if one of its policies is none */
export function principalOf(caller: Caller): Principal {
  const found = known.get(caller);
  if (found !== undefined) return found;
  const { policies = [], boundary, sessionPolicies } = caller.identity ?? {};
  const identity = policies.map((text) => parsedPolicy(text, "identity"));
  const limit = boundary === undefined ? undefined : parsedPolicy(boundary, "identity");
  const session = sessionPolicies?.map((text) => parsedPolicy(text, "identity"));
  const all = [...identity, ...(limit === undefined ? [] : [limit]), ...(session ?? [])];
  const principal: Principal = {
    caller: policyCallerOf(caller),
    policies: {
      identity: identity.map(({ document }) => document),
      ...(limit === undefined ? {} : { boundary: limit.document }),
      ...(session === undefined ? {} : { session: session.map(({ document }) => document) }),
    },
    asksStore: all.some(({ asksStore }) => asksStore),
  };
  known.set(caller, principal);
  return principal;
}

/** Whom policies can name: a principal of an account, or a service in its own name. Everybody else is anonymous. */
function policyCallerOf({ principal, accountId, identity }: Caller): PolicyCaller {
  if (SERVICE.test(principal)) return { type: "Service", service: principal };
  const caller = callerOfArn(principal, identity?.roleArn);
  // An ARN of another account than the caller's is nobody whom to believe.
  if (caller === undefined || !("accountId" in caller) || caller.accountId !== accountId)
    return { type: "Anonymous" };
  return caller;
}

/** The service through which the principal calls, as `kms:ViaService` names it: `s3.us-east-1.amazonaws.com`. */
export function viaServiceOf({ service, principal, region }: Caller): string | undefined {
  if (service === undefined || SERVICE.test(principal)) return undefined;
  const [, label, suffix] = /^([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/.exec(service) ?? [];
  return label === undefined ? service : `${label}.${region}.${suffix}`;
}
