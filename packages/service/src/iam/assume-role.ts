/**
 * AssumeRole (AWS STS API Reference): temporary credentials of a role, for whom its trust policy names.
 *
 * In the role's own account its trust policy is enough where it names the principal itself; where it names the account, and always
 * across accounts, the caller's own policies must allow it too.
 */
import { callerOfArn, decide, type Caller as PolicyCaller, parsePolicy } from "@kmslite/policy";
import type { Caller } from "../caller.ts";
import { assumeRoleContext } from "./assume-role-context.ts";
import type { Directory } from "./directory.ts";
import { sessionArn } from "./find-session.ts";
import { IamError, invalid } from "./iam-error.ts";
import { rolePlace } from "./places.ts";
import { parseTrustPolicy } from "./policy-documents.ts";
import { principalArn } from "./principals.ts";
import type { RoleRecord } from "./records.ts";
import {
  type AssumeRoleRequest,
  checkedSessionRequest,
  MAXIMUM_PACKED_BYTES,
  packedBytes,
  type SessionRequest,
} from "./session-request.ts";
import type { SessionTokens } from "./session-tokens.ts";
import { newSecretAccessKey, uniqueId } from "./unique-ids.ts";

export interface AssumedRole {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since 1970; whole seconds. */
  readonly expiresAt: number;
  /** `AROA…:<session name>` */
  readonly assumedRoleId: string;
  readonly arn: string;
  /** How much of the room for session policy and tags is used. */
  readonly packedPolicyPercent?: number;
  readonly sourceIdentity?: string;
}

/** A session that began with credentials of a role lasts an hour at most, whatever the role says. */
const CHAINED_SECONDS = 3_600;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::([0-9]{12}):role\/(?:[\x21-\x7e]*\/)?([\w+=,.@-]{1,64})$/;

/** Users, sessions and federated users: whom a trust policy can name, and who may assume roles. */
type Assumer = Exclude<PolicyCaller, { readonly type: "Service" | "Anonymous" | "Root" }>;

/** @throws {IamError} AccessDenied; ValidationError; MalformedPolicyDocument; PackedPolicyTooLarge */
export async function assumeRole(
  directory: Directory,
  tokens: SessionTokens,
  caller: Caller,
  input: AssumeRoleRequest,
): Promise<AssumedRole> {
  const request = checkedSessionRequest(input, caller.identity);
  const who = assumerOf(caller);
  const role = await roleOf(directory, request.roleArn);
  // One and the same answer for a role that is not there: whose roles there are is nobody else's business.
  if (role === undefined) throw denied(caller, "AssumeRole", request);
  const { clock, database } = directory.runtime;
  const actions = [
    "AssumeRole",
    ...(Object.keys(request.requestTags).length > 0 ? ["TagSession"] : []),
    ...(input.SourceIdentity === undefined ? [] : ["SetSourceIdentity"]),
  ];
  for (const action of actions) {
    if (!allows(caller, who, request, role, action, clock())) throw denied(caller, action, request);
  }
  assertDuration(request, role, who);
  const issuedAt = Math.floor(clock() / 1000) * 1000;
  const accessKeyId = uniqueId(database.cryptography, "ASIA");
  const secretAccessKey = newSecretAccessKey(database.cryptography);
  const { sessionName, policy, tags, transitiveTagKeys, sourceIdentity } = request;
  const expiresAt = issuedAt + request.durationSeconds * 1000;
  const sessionToken = tokens.seal({
    accessKeyId,
    secretAccessKey,
    accountId: role.accountId,
    roleName: role.name,
    roleId: role.id,
    sessionName,
    issuedAt,
    expiresAt,
    ...(policy === undefined ? {} : { policy }),
    tags,
    transitiveTagKeys,
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  });
  const packed = policy !== undefined || Object.keys(tags).length > 0;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiresAt,
    assumedRoleId: `${role.id}:${sessionName}`,
    arn: sessionArn(directory, role, sessionName),
    ...(packed
      ? { packedPolicyPercent: Math.ceil((100 * packedBytes(request)) / MAXIMUM_PACKED_BYTES) }
      : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

/** Roles are for everybody but the root user, as at AWS: whoever leaks its key should not hide behind roles. */
function assumerOf(caller: Caller): Assumer {
  const who = callerOfArn(caller.principal, caller.identity?.roleArn);
  if (who?.type === "Root") throw new IamError("AccessDenied", "Roles may not be assumed by root accounts.");
  if (who === undefined || !("accountId" in who) || who.accountId !== caller.accountId)
    throw new IamError("AccessDenied", "The caller is no principal that can assume roles.");
  return who;
}

async function roleOf(directory: Directory, arn: string): Promise<RoleRecord | undefined> {
  const [, accountId, name] = ROLE_ARN.exec(arn) ?? [];
  if (accountId === undefined || name === undefined) throw invalid(`${arn.slice(0, 256)} is invalid`);
  const role = (await directory.read<RoleRecord>(rolePlace(accountId, name)))?.value;
  // Path and case of the name are part of the ARN.
  return role !== undefined && principalArn(directory, "role", role) === arn ? role : undefined;
}

function allows(
  caller: Caller,
  who: Assumer,
  request: SessionRequest,
  role: RoleRecord,
  action: string,
  now: number,
): boolean {
  const { policies = [], boundary, sessionPolicies } = caller.identity ?? {};
  const parsed = (text: string) => parsePolicy(text, "identity");
  const decision = decide(
    {
      caller: who,
      action: `sts:${action}`,
      resource: request.roleArn,
      context: assumeRoleContext(caller, who, request, role, now),
    },
    {
      // A trust policy decides as a key policy does.
      key: { accountId: role.accountId, policy: parseTrustPolicy(role.trustPolicy) },
      identity: policies.map(parsed),
      ...(boundary === undefined ? {} : { boundary: parsed(boundary) }),
      ...(sessionPolicies === undefined ? {} : { session: sessionPolicies.map(parsed) }),
      crossAccount: true,
    },
  );
  return decision.allowed;
}

/** @throws {IamError} ValidationError */
function assertDuration({ durationSeconds }: SessionRequest, role: RoleRecord, who: Assumer): void {
  if (who.type === "AssumedRole" && durationSeconds > CHAINED_SECONDS)
    throw invalid(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  if (durationSeconds > role.maxSessionDuration)
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

function denied(caller: Caller, action: string, { roleArn }: SessionRequest): IamError {
  const message = `User: ${caller.principal} is not authorized to perform: sts:${action} on resource: ${roleArn}`;
  return new IamError("AccessDenied", message);
}
