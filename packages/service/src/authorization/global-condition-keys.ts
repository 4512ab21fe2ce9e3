/** Global condition keys: what is known of the caller and of its request (IAM User Guide, "Global condition context keys"). */
import type { Reader } from "./condition-keys.ts";
import { principalOf, viaServiceOf } from "./principals.ts";
import type { Question } from "./question.ts";

/** By their names in lower case. */
export const globalConditionKeys: Readonly<Record<string, Reader>> = {
  "aws:calledvia": calledVia,
  "aws:calledviafirst": calledVia,
  "aws:calledvialast": calledVia,
  "aws:currenttime": ({ call }) => new Date(call.now).toISOString(),
  "aws:epochtime": ({ call }) => String(Math.floor(call.now / 1000)),
  "aws:multifactorauthage": ({ call }) => {
    const { mfa, issuedAt } = call.caller.identity ?? {};
    if (mfa !== true || issuedAt === undefined) return undefined;
    return String(Math.floor((call.now - issuedAt) / 1000));
  },
  "aws:multifactorauthpresent": ({ call }) => {
    const { mfa } = call.caller.identity ?? {};
    return mfa === undefined ? undefined : String(mfa);
  },
  "aws:principalaccount": ({ call }) => {
    const { caller } = principalOf(call.caller);
    return "accountId" in caller ? caller.accountId : undefined;
  },
  "aws:principalarn": ({ call }) => {
    const { caller } = principalOf(call.caller);
    if (caller.type === "AssumedRole") return caller.roleArn;
    return "arn" in caller ? caller.arn : undefined;
  },
  "aws:principalisawsservice": ({ call }) => String(principalOf(call.caller).caller.type === "Service"),
  "aws:principalservicename": serviceName,
  "aws:principalservicenameslist": serviceName,
  "aws:principaltype": ({ call }) => {
    const { type } = principalOf(call.caller).caller;
    if (type === "Service") return undefined;
    return type === "Root" ? "Account" : type;
  },
  // A replica is made in its own Region.
  "aws:requestedregion": ({ call, key }) => key?.region ?? call.caller.region,
  "aws:resourceaccount": ({ call, key }) => key?.accountId ?? call.caller.accountId,
  // Nothing that stays within the process can be overheard.
  "aws:securetransport": ({ call }) =>
    String(call.caller.source === undefined || call.caller.source.tls === true),
  "aws:sourceaccount": ({ call }) => call.caller.source?.resourceArn?.split(":")[4] || undefined,
  "aws:sourcearn": ({ call }) => call.caller.source?.resourceArn,
  "aws:sourceidentity": ({ call }) => call.caller.identity?.sourceIdentity,
  // The address of whoever asks a service is not that of the service.
  "aws:sourceip": ({ call }) => (call.caller.service === undefined ? call.caller.source?.ip : undefined),
  "aws:tagkeys": tagKeys,
  "aws:tokenissuetime": ({ call }) => {
    const { issuedAt } = call.caller.identity ?? {};
    return issuedAt === undefined ? undefined : new Date(issuedAt).toISOString();
  },
  "aws:useragent": ({ call }) => call.caller.source?.userAgent,
  "aws:userid": ({ call }) => {
    const { principalId } = call.caller.identity ?? {};
    if (principalId !== undefined) return principalId;
    const { caller } = principalOf(call.caller);
    return caller.type === "Root" ? caller.accountId : undefined;
  },
  "aws:username": ({ call }) => {
    const { caller } = principalOf(call.caller);
    if (caller.type !== "User") return undefined;
    return call.caller.identity?.userName ?? caller.arn.slice(caller.arn.lastIndexOf("/") + 1);
  },
  "aws:viaawsservice": ({ call }) => String(viaServiceOf(call.caller) !== undefined),
};

/** The tags of a request by their keys. */
export function requestTags({ call, action }: Question): readonly (readonly [string, string])[] {
  if (!["CreateKey", "ReplicateKey", "TagResource"].includes(action)) return [];
  const tags = (call.request["Tags"] ?? []) as readonly {
    readonly TagKey: string;
    readonly TagValue: string;
  }[];
  return tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
}

function tagKeys(question: Question): readonly string[] {
  if (question.action === "UntagResource") return question.call.request["TagKeys"] as readonly string[];
  return requestTags(question).map(([key]) => key);
}

function calledVia({ call }: Question): string | undefined {
  const via = viaServiceOf(call.caller);
  return via?.replace(`.${call.caller.region}.`, ".");
}

function serviceName({ call }: Question): string | undefined {
  const { caller } = principalOf(call.caller);
  return caller.type === "Service" ? caller.service : undefined;
}
