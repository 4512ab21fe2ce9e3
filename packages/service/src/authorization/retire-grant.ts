/**
 * Who may retire a grant: that says the grant (AWS KMS Developer Guide, "Retiring and revoking grants"). It is whom it names for
 * that, its grantee if RetireGrant is among its operations, the account that issued it, and whom that account, or an account that
 * is named, lets. A Deny of any policy holds all of them back.
 */
import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { GrantRecord, KeyRecord } from "../database/records.ts";
import { asksStore, decideByIdentity, decideOnKey } from "./decision.ts";
import { permits, rootOf } from "./grants.ts";
import { principalOf } from "./principals.ts";
import type { Question } from "./question.ts";
import { failedClosed, refusalOnKey } from "./refusal.ts";
import { storedFacts } from "./stored-facts.ts";

/**
 * @param grant absent if there is none
 * @throws {KmsError} AccessDeniedException; also if there is no such grant on another account's key
 */
export async function authorizeRetirement(
  call: Call,
  key: KeyRecord,
  grant: GrantRecord | undefined,
): Promise<void> {
  const asked: Question = { call, action: "RetireGrant", key };
  try {
    const question = asksStore(asked) ? { ...asked, facts: await storedFacts(asked) } : asked;
    const decision = decideOnKey(question, key);
    const may =
      grant === undefined ? key.accountId === call.caller.accountId : mayRetire(question, grant, key);
    if (decision.reason === "ExplicitDeny" || !may) throw refusalOnKey(question, key, {}, decision);
  } catch (error) {
    throw failedClosed(asked, key, {}, error);
  }
}

function mayRetire(question: Question, grant: GrantRecord, key: KeyRecord): boolean {
  const { caller } = principalOf(question.call.caller);
  if (caller.type === "Anonymous") return false;
  const retiring = grant.retiringPrincipal ?? grant.retiringServicePrincipal;
  if (caller.type === "Service") return retiring === caller.service || permits(grant, caller, question);
  if (retiring === caller.arn || (caller.type === "AssumedRole" && retiring === caller.roleArn)) return true;
  if (permits(grant, caller, question)) return true;
  const root = rootOf(caller.arn, caller.accountId);
  const itsAccount = [grant.issuingAccount, retiring].includes(root);
  return itsAccount && decideByIdentity(question, keyArn(key, key.keyId)).allowed;
}
