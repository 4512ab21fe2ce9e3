/** The condition keys of an AssumeRole request (Service Authorization Reference, "AWS Security Token Service"). */
import type { Caller as PolicyCaller } from "@kmslite/policy";
import type { Caller } from "../caller.ts";
import type { RoleRecord } from "./records.ts";
import type { SessionRequest } from "./session-request.ts";

/** By their names in lower case: case does not matter in them. */
export function assumeRoleContext(
  caller: Caller,
  who: Exclude<PolicyCaller, { readonly type: "Service" | "Anonymous" }>,
  request: SessionRequest,
  role: RoleRecord,
  now: number,
): Map<string, readonly string[]> {
  const { identity = {}, source = {} } = caller;
  const single: Readonly<Record<string, string | undefined>> = {
    "aws:currenttime": new Date(now).toISOString(),
    "aws:epochtime": String(Math.floor(now / 1000)),
    "aws:multifactorauthpresent": identity.mfa === undefined ? undefined : String(identity.mfa),
    "aws:principalaccount": who.accountId,
    "aws:principalarn": who.type === "AssumedRole" ? who.roleArn : who.arn,
    "aws:principalisawsservice": "false",
    "aws:principaltype": who.type === "Root" ? "Account" : who.type,
    "aws:requestedregion": caller.region,
    "aws:resourceaccount": role.accountId,
    "aws:securetransport": String(caller.source === undefined || source.tls === true),
    "aws:sourceidentity": identity.sourceIdentity,
    "aws:sourceip": source.ip,
    "aws:tokenissuetime":
      identity.issuedAt === undefined ? undefined : new Date(identity.issuedAt).toISOString(),
    "aws:useragent": source.userAgent,
    "aws:userid": identity.principalId,
    "aws:username": who.type === "User" ? identity.userName : undefined,
    "aws:viaawsservice": "false",
    "sts:externalid": request.externalId,
    "sts:rolesessionname": request.sessionName,
    "sts:sourceidentity": request.sourceIdentity,
  };
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(single)) if (value !== undefined) context.set(key, [value]);
  const families = [
    ["aws:principaltag/", Object.entries(identity.tags ?? {})],
    ["aws:requesttag/", Object.entries(request.requestTags)],
    ["aws:resourcetag/", role.tags.map(({ key, value }) => [key, value] as const)],
    ["iam:resourcetag/", role.tags.map(({ key, value }) => [key, value] as const)],
  ] as const;
  for (const [prefix, tags] of families)
    for (const [key, value] of tags) context.set(prefix + key.toLowerCase(), [value]);
  const tagKeys = Object.keys(request.requestTags);
  if (tagKeys.length > 0) context.set("aws:tagkeys", tagKeys);
  if (request.transitiveTagKeys.length > 0) context.set("sts:transitivetagkeys", request.transitiveTagKeys);
  return context;
}
