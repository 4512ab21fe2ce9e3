/** Who called, as CloudTrail's `userIdentity` says it (AWS CloudTrail User Guide, "CloudTrail userIdentity element"). */
import type { Caller } from "../caller.ts";
import { type AuditEvent, eventTimeOf, type UserIdentity } from "./event.ts";

const ROOT = /^arn:[a-z-]+:iam::[0-9]{12}:root$/;
const USER = /^arn:[a-z-]+:iam::[0-9]{12}:user\/(?:.*\/)?([^/]+)$/;
const ASSUMED_ROLE = /^arn:[a-z-]+:sts::[0-9]{12}:assumed-role\/([^/]+)\/([^/]+)$/;
const FEDERATED_USER = /^arn:[a-z-]+:sts::[0-9]{12}:federated-user\/(.+)$/;

/** Identities that were made lately: most callers call again. */
const remembered = new WeakMap<Caller, UserIdentity>();

export function userIdentity(caller: Caller): UserIdentity {
  let identity = remembered.get(caller);
  if (identity === undefined) {
    identity = identityOf(caller);
    remembered.set(caller, identity);
  }
  return identity;
}

/** The name that events call a principal by: a user's, or that of a role's session. */
export function userNameOf({
  userIdentity: { type, userName, arn = "" },
}: Pick<AuditEvent, "userIdentity">): string | undefined {
  if (type === "Root") return "root";
  return userName ?? (arn.includes("/") ? arn.slice(arn.lastIndexOf("/") + 1) : undefined);
}

function identityOf({ principal: arn, accountId, service, identity = {} }: Caller): UserIdentity {
  const by = service === undefined ? {} : { invokedBy: invokedBy(service) };
  // A service that calls for itself has no principal besides.
  if (service !== undefined && arn === service) return { type: "AWSService", ...by };
  const { accessKeyId, principalId } = identity;
  const common = { arn, accountId, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
  if (ROOT.test(arn)) return { type: "Root", principalId: principalId ?? accountId, ...common, ...by };
  const [, user] = USER.exec(arn) ?? [];
  const id = principalId === undefined ? {} : { principalId };
  if (user !== undefined) {
    return { type: "IAMUser", ...id, ...common, userName: identity.userName ?? user, ...by };
  }
  const [, role] = ASSUMED_ROLE.exec(arn) ?? [];
  if (role !== undefined) {
    return {
      type: "AssumedRole",
      ...id,
      ...common,
      sessionContext: sessionOf(role, accountId, identity),
      ...by,
    };
  }
  const type = FEDERATED_USER.test(arn) ? "FederatedUser" : "Unknown";
  return { type, ...id, ...common, ...by };
}

function sessionOf(
  role: string,
  accountId: string,
  { principalId, roleArn, issuedAt, mfa, sourceIdentity }: NonNullable<Caller["identity"]>,
): NonNullable<UserIdentity["sessionContext"]> {
  return {
    sessionIssuer: {
      type: "Role",
      ...(principalId === undefined ? {} : { principalId: principalId.split(":")[0] }),
      ...(roleArn === undefined ? {} : { arn: roleArn }),
      accountId,
      userName: role,
    },
    attributes: {
      ...(issuedAt === undefined ? {} : { creationDate: eventTimeOf(issuedAt) }),
      mfaAuthenticated: String(mfa ?? false),
    },
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

/** Events name a service without a Region: `s3.amazonaws.com` of `s3.us-east-1.amazonaws.com`. */
export function invokedBy(service: string): string {
  const parts = service.split(".");
  return parts.length > 3 ? [parts[0], ...parts.slice(2)].join(".") : service;
}
