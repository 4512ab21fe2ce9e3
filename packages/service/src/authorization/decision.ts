/** Questions, decided by the policies that have a say in them. */
import { type Decision, decide, type Policies, type PolicyDocument, type Request } from "@kmslite/policy";
import { keyArn } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import { defaultKeyPolicy } from "../default-key-policy.ts";
import { CROSS_ACCOUNT_ACTIONS } from "./actions.ts";
import { type ParsedPolicy, parsedPolicy } from "./parsed-policies.ts";
import { principalOf } from "./principals.ts";
import type { Question } from "./question.ts";
import { RequestContext } from "./request-context.ts";

const NONE: readonly PolicyDocument[] = [];

/** Whether a policy that has a say asks for a condition key whose value stands in the store. */
export function asksStore({ call, key }: Question): boolean {
  return principalOf(call.caller).asksStore || (key !== undefined && policyOf(key).asksStore);
}

/** What is asked of policies, and which of them have a say. */
export interface Consultation {
  readonly request: Request;
  readonly policies: Policies;
}

/** @param granted whether a grant allows it */
export function consultOnKey(question: Question, key: KeyRecord, granted: boolean): Consultation {
  const { caller, policies } = principalOf(question.call.caller);
  return {
    request: {
      caller,
      action: `kms:${question.action}`,
      resource: keyArn(key, key.keyId),
      context: new RequestContext(question),
    },
    policies: {
      ...policies,
      key: { accountId: key.accountId, policy: policyOf(key).document },
      granted,
      crossAccount: CROSS_ACCOUNT_ACTIONS.has(question.action),
    },
  };
}

/** @param resource ARN; absent if it is about none */
export function consultIdentity(question: Question, resource: string | undefined): Consultation {
  const { caller, policies } = principalOf(question.call.caller);
  return {
    request: {
      caller,
      action: `kms:${question.action}`,
      ...(resource === undefined ? {} : { resource }),
      context: new RequestContext(question),
    },
    policies: { ...policies, identity: policies.identity ?? NONE },
  };
}

/**
 * Decides on a key.
 *
 * @param granted whether a grant allows it
 */
export function decideOnKey(question: Question, key: KeyRecord, granted = false): Decision {
  const { request, policies } = consultOnKey(question, key, granted);
  return decide(request, policies);
}

/**
 * Decides by the policies of the caller's account alone.
 *
 * @param resource ARN; absent if it is about none
 */
export function decideByIdentity(question: Question, resource?: string): Decision {
  const { request, policies } = consultIdentity(question, resource);
  return decide(request, policies);
}

/** Default policies by account, which is all that they depend on. */
const defaultPolicies = new Map<string, ParsedPolicy>();
const MAXIMUM_DEFAULTS = 1000;

function policyOf(key: KeyRecord): ParsedPolicy {
  if (key.policy !== undefined) return parsedPolicy(key.policy, "resource");
  const found = defaultPolicies.get(key.accountId);
  if (found !== undefined) return found;
  const parsed = parsedPolicy(defaultKeyPolicy(key), "resource");
  if (defaultPolicies.size >= MAXIMUM_DEFAULTS) defaultPolicies.clear();
  defaultPolicies.set(key.accountId, parsed);
  return parsed;
}
