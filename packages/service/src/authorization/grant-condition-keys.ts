/** Condition keys about grants: what CreateGrant asks for, and whether a service does (Developer Guide, "AWS KMS condition keys"). */
import type { GrantConstraints } from "../grants/grant-constraints.ts";
import type { Reader } from "./condition-keys.ts";
import type { Question } from "./question.ts";

/** By their names in lower case. */
export const grantConditionKeys: Readonly<Record<string, Reader>> = {
  "kms:grantconstraintsourcearn": (question) => constraintsIn(question).SourceArn,
  "kms:grantconstrainttype": (question) => {
    const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraintsIn(question);
    if (equals !== undefined) return "EncryptionContextEquals";
    return subset === undefined ? undefined : "EncryptionContextSubset";
  },
  "kms:grantisforawsresource": ({ call, action }) =>
    ["CreateGrant", "ListGrants", "RevokeGrant"].includes(action)
      ? String(call.caller.service !== undefined)
      : undefined,
  "kms:grantoperations": ({ call, action }) =>
    action === "CreateGrant" ? (call.request["Operations"] as readonly string[]) : undefined,
  "kms:granteeprincipal": grantMember("GranteePrincipal"),
  "kms:granteeserviceprincipal": grantMember("GranteeServicePrincipal"),
  "kms:retiringprincipal": grantMember("RetiringPrincipal"),
  "kms:retiringserviceprincipal": grantMember("RetiringServicePrincipal"),
};

/** The constraints that CreateGrant asks for; none for any other action. */
export function constraintsIn({ call, action }: Question): GrantConstraints {
  return action === "CreateGrant" ? ((call.request["Constraints"] ?? {}) as GrantConstraints) : {};
}

function grantMember(name: string): Reader {
  return ({ call, action }) =>
    action === "CreateGrant" ? (call.request[name] as string | undefined) : undefined;
}
