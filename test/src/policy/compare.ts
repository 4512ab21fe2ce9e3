/** Asks both evaluators the same thing. */
import { type Caller, decide, grantAllows, type Policies, parsePolicy, type Request } from "@kmslite/policy";
import {
  encryptionContextIn,
  type Json,
  naivelyAllowed,
  type Somebody,
  type World,
} from "./naive-evaluator.ts";

/** A world whose documents are parsed for the evaluator under test, and kept as they are for the second one. */
export interface Prepared {
  readonly world: World;
  readonly policies: Policies;
  /** Without the key policy: for operations on no key, and for what is about an alias. */
  readonly withoutKey: { readonly world: World; readonly policies: Policies };
}

export function prepare(world: World): Prepared {
  const { keyPolicy, keyAccount, ...rest } = world;
  const parse = (policy: Json, kind: "resource" | "identity") => parsePolicy(JSON.stringify(policy), kind);
  const identity = (policy: Json) => parse(policy, "identity");
  const withoutKey: Policies = {
    identity: world.identityPolicies.map(identity),
    ...(world.boundary === undefined ? {} : { boundary: identity(world.boundary) }),
    ...(world.sessionPolicies === undefined ? {} : { session: world.sessionPolicies.map(identity) }),
  };
  const policies: Policies =
    keyPolicy === undefined || keyAccount === undefined
      ? withoutKey
      : { ...withoutKey, key: { accountId: keyAccount, policy: parse(keyPolicy, "resource") } };
  return { world, policies, withoutKey: { world: rest, policies: withoutKey } };
}

/** What is asked of a world, besides what is said in it. */
export interface Asked {
  readonly who: Somebody;
  readonly action: string;
  readonly resource?: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly grants: readonly Json[];
  readonly usableFromOtherAccounts: boolean;
}

export interface Answers {
  readonly ours: boolean;
  readonly naive: boolean;
}

export function answers(prepared: Pick<Prepared, "world" | "policies">, asked: Asked): Answers {
  const { request, policies } = questionOf(prepared, asked);
  const { who, action, values, grants, usableFromOtherAccounts } = asked;
  const naive = naivelyAllowed(
    { who, action, values, ...(asked.resource === undefined ? {} : { resource: asked.resource }) },
    { ...prepared.world, grants, usableFromOtherAccounts },
  );
  return { ours: decide(request, policies).allowed, naive };
}

/** What the evaluator under test is asked. */
export function questionOf(
  { policies }: Pick<Prepared, "policies">,
  { who, action, resource, values, grants, usableFromOtherAccounts }: Asked,
): { readonly request: Request; readonly policies: Policies } {
  const caller = callerOf(who);
  const context = new Map(Object.entries(values).map(([key, all]) => [key.toLowerCase(), all]));
  const granted = grants.some((grant) =>
    grantAllows(grantOf(grant), caller, action.slice("kms:".length), encryptionContextIn(values)),
  );
  return {
    request: { caller, action, context, ...(resource === undefined ? {} : { resource }) },
    policies: { ...policies, granted, crossAccount: usableFromOtherAccounts },
  };
}

function callerOf({ kind, account = "", arn = "", role = "", service = "" }: Somebody): Caller {
  switch (kind) {
    case "root":
      return { type: "Root", accountId: account, arn };
    case "user":
      return { type: "User", accountId: account, arn };
    case "federated user":
      return { type: "FederatedUser", accountId: account, arn };
    case "role session":
      return { type: "AssumedRole", accountId: account, arn, roleArn: role };
    case "service":
      return { type: "Service", service };
    default:
      return { type: "Anonymous" };
  }
}

/** A grant as ListGrants shows it, as the policy package takes it. */
function grantOf(grant: Json): Parameters<typeof grantAllows>[0] {
  const constraints = grant["Constraints"] as Record<string, Record<string, string>> | undefined;
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraints ?? {};
  return {
    granteePrincipal: String(grant["GranteePrincipal"]),
    operations: grant["Operations"] as readonly string[],
    constraints: {
      ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
      ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
    },
  };
}
