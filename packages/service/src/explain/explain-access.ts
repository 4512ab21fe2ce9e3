/**
 * Why a principal may do something, or may not: the service's own authorization, asked without a request being made.
 *
 * Permissions are all that is explained: a call that is allowed may still fail because of the key's state, its usage, or a limit.
 */
import { type Explanation, explain, PolicyError } from "@kmslite/policy";
import { aliasArn, type Place, parseArn } from "../arn.ts";
import { mayBeGranted } from "../authorization/authorize.ts";
import {
  asksStore,
  type Consultation,
  consultIdentity,
  consultOnKey,
  decideOnKey,
} from "../authorization/decision.ts";
import { isGranted } from "../authorization/grants.ts";
import type { Question } from "../authorization/question.ts";
import { storedFacts } from "../authorization/stored-facts.ts";
import { Call } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { GRANT_OPERATIONS } from "../grants/grant-operations.ts";
import { knownPrincipal } from "../iam/known-principal.ts";
import { methodNames, operationName } from "../operations/find.ts";
import type { Runtime } from "../runtime.ts";
import type { AccessQuestion } from "./access-question.ts";
import { accessText } from "./access-text.ts";
import { type ExplainedGrant, explainGrants } from "./grants.ts";
import { callerOf } from "./principal.ts";

export interface AccessExplanation {
  /** Whether every permission that the action needs is there. */
  readonly allowed: boolean;
  /** One for each permission: on the key, and for actions on aliases on the alias too. */
  readonly permissions: readonly ExplainedPermission[];
  /** All of it for people to read. */
  readonly text: string;
}

export interface ExplainedPermission extends Explanation {
  /** Grants of the key to the caller, whatever they allow. */
  readonly grants: readonly ExplainedGrant[];
}

/** Actions about no key: the policies of the caller's account decide. */
const WITHOUT_KEY: ReadonlySet<string> = new Set([
  "ConnectCustomKeyStore",
  "CreateCustomKeyStore",
  "CreateKey",
  "DeleteCustomKeyStore",
  "DescribeCustomKeyStores",
  "DisconnectCustomKeyStore",
  "GenerateRandom",
  "ListAliases",
  "ListKeys",
  "ListRetirableGrants",
  "UpdateCustomKeyStore",
]);

const ON_ALIASES: ReadonlySet<string> = new Set(["CreateAlias", "DeleteAlias", "UpdateAlias"]);

const GRANTABLE: ReadonlySet<string> = new Set(GRANT_OPERATIONS);

/**
 * @param home account and Region that a key id or an alias is looked for in
 * @throws {KmsError} ValidationException, NotFoundException or InvalidArnException: the question makes no sense;
 *   MalformedPolicyDocumentException: a policy that was given is none
 */
export async function explainAccess(
  runtime: Runtime,
  question: AccessQuestion,
  home: Place,
): Promise<AccessExplanation> {
  try {
    return await explainPermissions(runtime, question, home);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new KmsError("MalformedPolicyDocumentException", error.message, { cause: error });
  }
}

async function explainPermissions(
  runtime: Runtime,
  asked: AccessQuestion,
  home: Place,
): Promise<AccessExplanation> {
  const { action, operation } = actionOf(asked.action);
  const question = asked.identity === undefined ? await withDirectory(runtime, asked) : asked;
  const key = await keyOf(runtime, question, action, home);
  const caller = callerOf(question, key ?? home);
  const request = requestOf(question, action);
  const call = new Call(runtime, caller, operation, request);
  const permissions: ExplainedPermission[] = [];
  if (key === undefined || ON_ALIASES.has(action)) {
    const resource = key === undefined ? undefined : aliasOf(question, action, caller);
    permissions.push({ ...explained(question, consultIdentity({ call, action }, resource)), grants: [] });
  }
  if (key !== undefined) permissions.push(await explainOnKey({ call, action, key }, key, question));
  const allowed = permissions.every((permission) => permission.allowed);
  return { allowed, permissions, text: accessText(permissions) };
}

/** The question with what the directory knows of the principal. */
async function withDirectory(runtime: Runtime, question: AccessQuestion): Promise<AccessQuestion> {
  const known = await knownPrincipal(runtime, question.as);
  return known === undefined ? question : { ...question, ...known };
}

async function explainOnKey(
  asked: Question,
  key: KeyRecord,
  question: AccessQuestion,
): Promise<ExplainedPermission> {
  const full = asksStore(asked) ? { ...asked, facts: await storedFacts(asked) } : asked;
  const decision = decideOnKey(full, key);
  const granted = !decision.allowed && mayBeGranted(full, decision) && (await isGranted(full, key));
  return {
    ...explained(question, consultOnKey(full, key, granted), GRANTABLE.has(asked.action)),
    grants: GRANTABLE.has(asked.action) ? await explainGrants(full, key) : [],
  };
}

function explained(
  { policyNames }: AccessQuestion,
  { request, policies }: Consultation,
  grantable = false,
): Explanation {
  return explain(request, policies, {
    grantable,
    ...(policyNames === undefined ? {} : { identity: policyNames }),
  });
}

function actionOf(text: string): { readonly action: string; readonly operation: string } {
  const action = text.replace(/^kms:/i, "");
  if (action === "ReEncryptFrom" || action === "ReEncryptTo") return { action, operation: "ReEncrypt" };
  if (action === "ReEncrypt")
    throw new KmsError(
      "ValidationException",
      "ReEncrypt needs two permissions: ask for kms:ReEncryptFrom and kms:ReEncryptTo",
    );
  if (action === "RetireGrant")
    throw new KmsError(
      "ValidationException",
      "Who may retire a grant is in the grant itself: ListGrants shows its retiring principal",
    );
  if (methodNames.some((method) => operationName(method) === action)) return { action, operation: action };
  throw new KmsError("ValidationException", `'${text}' is no action of AWS KMS, such as kms:Decrypt`);
}

async function keyOf(
  runtime: Runtime,
  { key }: AccessQuestion,
  action: string,
  home: Place,
): Promise<KeyRecord | undefined> {
  if (WITHOUT_KEY.has(action)) return undefined;
  if (key === undefined) throw new KmsError("ValidationException", `kms:${action} is about a key: say which`);
  // Found as its owner would find it: whether the caller may know of it is what is to be explained.
  const { accountId, region } = parseArn(key) ?? home;
  const owner: Caller = { accountId, region, principal: "explain" };
  const found = await new Call(runtime, owner, "DescribeKey").locateKey(key, { alias: true });
  return found.value;
}

function aliasOf({ alias, key = "" }: AccessQuestion, action: string, caller: Caller): string {
  const name = alias ?? parseArn(key)?.resource ?? key;
  if (name.startsWith("alias/")) return aliasArn(caller, name);
  throw new KmsError("ValidationException", `kms:${action} is about an alias too: say which`);
}

/** The request that the conditions of policies see. */
function requestOf({ key, context, request }: AccessQuestion, action: string): Record<string, unknown> {
  const named = key === undefined ? {} : { [keyMember(action)]: key };
  return { ...named, ...(context === undefined ? {} : { [contextMember(action)]: context }), ...request };
}

function keyMember(action: string): string {
  if (action === "ReEncryptFrom") return "SourceKeyId";
  return action === "ReEncryptTo" ? "DestinationKeyId" : "KeyId";
}

function contextMember(action: string): string {
  if (action === "ReEncryptFrom") return "SourceEncryptionContext";
  return action === "ReEncryptTo" ? "DestinationEncryptionContext" : "EncryptionContext";
}
