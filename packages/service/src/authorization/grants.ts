/** Grants of a key to the caller (AWS KMS Developer Guide, "Grants in AWS KMS"). */
import { type Grant, grantAllows, isWithin, type Caller as PolicyCaller } from "@kmslite/policy";
import { keyArn } from "../arn.ts";
import { grantKey } from "../database/keys.ts";
import { decode, type GrantRecord, type KeyRecord } from "../database/records.ts";
import { granteePrefix } from "../grants/grant-id.ts";
import { encryptionContextOf } from "./condition-keys.ts";
import { decideByIdentity } from "./decision.ts";
import { constraintsIn } from "./grant-condition-keys.ts";
import { principalOf } from "./principals.ts";
import type { Question } from "./question.ts";

/** Grants read at once: a principal may have up to 50,000 on one key. */
const PAGE = 100;

/** Whether a grant on the key lets the caller do it. Whether a policy denies it is not asked here. */
export async function isGranted(question: Question, key: KeyRecord): Promise<boolean> {
  const { caller } = principalOf(question.call.caller);
  for (const grantee of granteesOf(caller)) {
    if (await isGrantedTo(question, key, caller, grantee)) return true;
  }
  // A grant to an account is for those whom the account lets.
  if (!("accountId" in caller) || caller.type === "Root") return false;
  const { accountId } = caller;
  const root = { type: "Root", accountId, arn: rootOf(caller.arn, accountId) } as const;
  if (!(await isGrantedTo(question, key, root, root.arn))) return false;
  return decideByIdentity(question, keyArn(key, key.keyId)).allowed;
}

/** Whether a grant permits to the caller what the question asks. */
export function permits(record: GrantRecord, caller: PolicyCaller, question: Question): boolean {
  const grant = grantOf(record);
  const { call, action } = question;
  const context = encryptionContextOf(question);
  if (!grantAllows(grant, caller, action, context, call.caller.source?.resourceArn)) return false;
  if (action !== "CreateGrant") return true;
  // What one has by a grant one can hand on, and no more than that.
  const { EncryptionContextEquals, EncryptionContextSubset, SourceArn } = constraintsIn(question);
  return isWithin(grant, {
    operations: call.request["Operations"] as readonly string[],
    constraints: {
      ...(EncryptionContextEquals === undefined ? {} : { encryptionContextEquals: EncryptionContextEquals }),
      ...(EncryptionContextSubset === undefined ? {} : { encryptionContextSubset: EncryptionContextSubset }),
      ...(SourceArn === undefined ? {} : { sourceArn: SourceArn }),
    },
  });
}

async function isGrantedTo(
  question: Question,
  key: KeyRecord,
  caller: PolicyCaller,
  grantee: string,
): Promise<boolean> {
  const { records } = question.call.runtime.database;
  const prefix = grantKey(key.region, key.keyId, granteePrefix(key.keyId, grantee));
  // Ids are hex digits, which "g" follows.
  const end = `${prefix}g`;
  for (let start = prefix; ; ) {
    const page = await records.list({ start, end, limit: PAGE });
    if (page.some((record) => permits(decode<GrantRecord>(record).value, caller, question))) return true;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return false;
    start = `${last.key}0`;
  }
}

/** The names by which a grant can mean the caller. */
export function granteesOf(caller: PolicyCaller): readonly string[] {
  if (caller.type === "Anonymous") return [];
  if (caller.type === "Service") return [caller.service];
  return caller.type === "AssumedRole" ? [caller.arn, caller.roleArn] : [caller.arn];
}

/** The root user's ARN, of the partition of another principal of its account. */
export function rootOf(arn: string, accountId: string): string {
  return `arn:${arn.split(":", 2)[1]}:iam::${accountId}:root`;
}

function grantOf(record: GrantRecord): Grant {
  const { operations, constraints } = record;
  const granteePrincipal = record.granteePrincipal ?? record.granteeServicePrincipal ?? "";
  return { granteePrincipal, operations, ...(constraints === undefined ? {} : { constraints }) };
}
