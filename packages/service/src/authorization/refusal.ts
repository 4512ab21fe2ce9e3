/** Refusals, in the words of AWS (IAM User Guide, "Troubleshoot access denied error messages"). */
import type { Decision, PolicyOutcome } from "@kmslite/policy";
import { keyArn } from "../arn.ts";
import type { Use } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import type { Question } from "./question.ts";

const KINDS: Readonly<Record<PolicyOutcome["policy"], string>> = {
  key: "resource-based policy",
  identity: "identity-based policy",
  boundary: "permissions boundary",
  session: "session policy",
};

/**
 * @param action   such as `kms:Decrypt`
 * @param resource an ARN; `*` for what is about none, nothing for what is still to come
 */
export function refusal(caller: Caller, action: string, resource: string, decision: Decision): KmsError {
  const on = resource === "" ? "" : ` on resource: ${resource}`;
  return new KmsError(
    "AccessDeniedException",
    `User: ${caller.principal} is not authorized to perform: ${action}${on} ${why(decision, action)}`,
  );
}

/** The refusal about a key. Of another account's key it tells nothing. */
export function refusalOnKey(
  { call, action }: Question,
  key: KeyRecord,
  use: Use,
  decision: Decision,
): KmsError {
  if (key.accountId !== call.caller.accountId) return use.refusal?.() ?? refusalByOthers(call.caller, action);
  return refusal(call.caller, `kms:${action}`, keyArn(key, key.keyId), decision);
}

/** A failure refuses: about another account's key in the same words as a refusal, since it would tell that there is one. */
export function failedClosed({ call, action }: Question, key: KeyRecord, use: Use, error: unknown): unknown {
  if (key.accountId === call.caller.accountId) return error;
  if (error instanceof KmsError && error.name === "AccessDeniedException") return error;
  return use.refusal?.() ?? refusalByOthers(call.caller, action);
}

/** The one answer about keys of other accounts, whether they exist or not, and whoever refuses. */
export function refusalByOthers(caller: Caller, action: string): KmsError {
  return new KmsError(
    "AccessDeniedException",
    `User: ${caller.principal} is not authorized to perform: kms:${action} on this resource because the ` +
      "resource does not exist in this Region, no resource-based policies allow access, or a resource-based " +
      "policy explicitly denies access",
  );
}

function why({ reason, outcomes }: Decision, action: string): string {
  if (reason === "ExplicitDeny") {
    const denying = outcomes.find(({ statements }) =>
      statements.some(({ statement, reach }) => reach !== undefined && statement.effect === "Deny"),
    );
    const kind = KINDS[denying?.policy ?? "identity"];
    return `with an explicit deny in ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
  }
  return `because no ${kindOf(reason)} allows the ${action} action`;
}

function kindOf(reason: Decision["reason"]): string {
  if (reason === "BoundaryDoesNotAllow") return KINDS.boundary;
  if (reason === "SessionPolicyDoesNotAllow") return KINDS.session;
  return reason === "KeyPolicyDoesNotAllow" ? KINDS.key : KINDS.identity;
}
