/**
 * Authorization: lets a call go on, or refuses it (docs/decisions/0090-authorization.md).
 *
 * Policies whose texts were parsed before are decided upon at once. What has to be read (grants, and the condition keys that stand
 * in the store) is read only when policies alone do not allow the call, or ask for it. Whatever fails, refuses.
 */
import type { Decision } from "@kmslite/policy";
import { keyArn } from "../arn.ts";
import type { Call, Use } from "../call.ts";
import type { KeyRecord } from "../database/records.ts";
import { GRANT_OPERATIONS } from "../grants/grant-operations.ts";
import { asksStore, decideByIdentity, decideOnKey } from "./decision.ts";
import type { Question } from "./question.ts";
import { failedClosed, refusal, refusalOnKey } from "./refusal.ts";

const GRANTABLE: ReadonlySet<string> = new Set(GRANT_OPERATIONS);

/**
 * Whether the caller may do something with a key.
 *
 * @returns nothing if that is known at once, and a promise if something has to be read first
 * @throws {KmsError} AccessDeniedException, or the promise does
 */
export function authorizeOnKey(call: Call, key: KeyRecord, use: Use): Promise<void> | undefined {
  const question: Question = { call, action: use.action ?? call.operation, key };
  try {
    if (asksStore(question)) return afterReading(question, key, use);
    const decision = decideOnKey(question, key);
    if (decision.allowed) return undefined;
    if (mayBeGranted(question, decision)) return afterReading(question, key, use);
    throw refusalOnKey(question, key, use, decision);
  } catch (error) {
    throw failedClosed(question, key, use, error);
  }
}

/**
 * Whether the caller may do what is about no key, or about an alias: the policies of its account decide.
 *
 * @throws {KmsError} AccessDeniedException
 */
export function authorizeByIdentity(call: Call, action: string, resource?: string): void {
  const question: Question = { call, action };
  const decision = decideByIdentity(question, resource);
  if (!decision.allowed) throw refusal(call.caller, `kms:${action}`, resource ?? "*", decision);
  if (action === "CreateKey") authorizeTags({ call, action: "TagResource" }, keyArn(call.caller, "*"));
}

/**
 * Whether the caller may make a replica where it is to be: that takes the permission to make a key there.
 *
 * @throws {KmsError} AccessDeniedException
 */
export function authorizeReplica(call: Call, replica: KeyRecord): void {
  const decision = decideByIdentity({ call, action: "CreateKey", key: replica });
  if (!decision.allowed) throw refusal(call.caller, "kms:CreateKey", "*", decision);
  // It is tagged where it is made, and has no tags before.
  const untagged = { ...replica, tags: [] };
  authorizeTags({ call, action: "TagResource", key: untagged }, keyArn(replica, replica.keyId));
}

/** Who makes a key with tags tags it. */
function authorizeTags(question: Question, resource: string): void {
  const { call, action } = question;
  if (call.request["Tags"] === undefined) return;
  const decision = decideByIdentity(question, resource);
  if (!decision.allowed) throw refusal(call.caller, `kms:${action}`, "", decision);
}

async function afterReading(asked: Question, key: KeyRecord, use: Use): Promise<void> {
  try {
    const { storedFacts } = await import("./stored-facts.ts");
    const question = asksStore(asked) ? { ...asked, facts: await storedFacts(asked) } : asked;
    const decision = decideOnKey(question, key);
    if (decision.allowed) return;
    if (mayBeGranted(question, decision)) {
      const { isGranted } = await import("./grants.ts");
      if ((await isGranted(question, key)) && decideOnKey(question, key, true).allowed) return;
    }
    throw refusalOnKey(question, key, use, decision);
  } catch (error) {
    throw failedClosed(asked, key, use, error);
  }
}

/** No grant is stronger than a Deny. */
export function mayBeGranted({ action }: Question, { reason }: Decision): boolean {
  return GRANTABLE.has(action) && reason !== "ExplicitDeny" && reason !== "NotAcrossAccounts";
}
