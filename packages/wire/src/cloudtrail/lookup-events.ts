/** LookupEvents: the events of the caller's account and Region, the newest first. */
import type { Caller, LoggedEvent, LookupAttribute, LookupQuery, Service } from "@kmslite/service";
import { CloudTrailError } from "./cloudtrail-error.ts";

const ATTRIBUTES: readonly LookupAttribute[] = [
  "AccessKeyId",
  "EventId",
  "EventName",
  "EventSource",
  "ReadOnly",
  "ResourceName",
  "ResourceType",
  "Username",
];

const MAXIMUM_RESULTS = 50;
const MAXIMUM_VALUE = 2000;

type Request = Omit<LookupQuery, "accountId" | "region" | "before">;

/** @throws {CloudTrailError} */
export async function lookupEvents(service: Service, caller: Caller, body: Uint8Array): Promise<object> {
  const request = requestOf(body);
  const query = queryOf(request);
  const log = await service.auditLog();
  if (log === undefined) return { Events: [] };
  if (!log.mayBeLookedUpBy(caller)) {
    throw new CloudTrailError(
      "AccessDeniedException",
      `User: ${caller.principal} is not authorized to perform: cloudtrail:LookupEvents`,
    );
  }
  const { accountId, region } = caller;
  const before = await positionOf(request["NextToken"], query);
  const found = await log.lookUp({
    ...query,
    accountId,
    region,
    ...(before === undefined ? {} : { before }),
  });
  return {
    Events: found.events.map((logged) => summaryOf(logged, accountId)),
    ...(found.next === undefined ? {} : { NextToken: await tokenOf(found.next, query) }),
  };
}

function requestOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const value: unknown = text === "" ? {} : JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  throw new CloudTrailError("SerializationException", "The request is not a JSON object");
}

function queryOf({
  LookupAttributes,
  StartTime,
  EndTime,
  MaxResults,
  EventCategory,
}: Readonly<Record<string, unknown>>): Request {
  if (given(EventCategory)) {
    throw new CloudTrailError("UnsupportedOperationException", "There are no insight events");
  }
  const limit = given(MaxResults) ? MaxResults : MAXIMUM_RESULTS;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MAXIMUM_RESULTS) {
    throw new CloudTrailError(
      "InvalidMaxResultsException",
      `MaxResults must be from 1 to ${MAXIMUM_RESULTS}`,
    );
  }
  const [from, to] = [timeOf(StartTime), timeOf(EndTime)];
  if (from !== undefined && to !== undefined && from > to) {
    throw new CloudTrailError("InvalidTimeRangeException", "StartTime is after EndTime");
  }
  const attribute = attributeOf(LookupAttributes);
  return {
    limit,
    ...(attribute === undefined ? {} : { attribute }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** At most one, as at AWS. */
function attributeOf(value: unknown): Request["attribute"] {
  if (!given(value)) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  if (list.length === 0) return undefined;
  const [item] = list;
  const key = isRecord(item) ? ATTRIBUTES.find((name) => name === item["AttributeKey"]) : undefined;
  const text = isRecord(item) ? item["AttributeValue"] : undefined;
  if (
    list.length > 1 ||
    key === undefined ||
    typeof text !== "string" ||
    text === "" ||
    text.length > MAXIMUM_VALUE
  ) {
    throw new CloudTrailError(
      "InvalidLookupAttributesException",
      `LookupAttributes takes one attribute with a value, of: ${ATTRIBUTES.join(", ")}`,
    );
  }
  return { key, value: text };
}

/** Seconds since 1970, with fractions. */
function timeOf(value: unknown): number | undefined {
  if (!given(value)) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new CloudTrailError("SerializationException", "A time must be in seconds since 1970");
  }
  return value * 1000;
}

/** An event as LookupEvents tells it to an account. */
function summaryOf({ event, userName }: LoggedEvent, accountId: string): object {
  const { accessKeyId } = event.userIdentity;
  const seen = { ...event, recipientAccountId: accountId };
  return {
    EventId: event.eventID,
    EventName: event.eventName,
    ReadOnly: String(event.readOnly),
    ...(accessKeyId === undefined ? {} : { AccessKeyId: accessKeyId }),
    EventTime: Date.parse(event.eventTime) / 1000,
    EventSource: event.eventSource,
    ...(userName === undefined ? {} : { Username: userName }),
    Resources: (event.resources ?? []).map(({ ARN, type }) => ({ ResourceType: type, ResourceName: ARN })),
    CloudTrailEvent: JSON.stringify(seen),
  };
}

/** Where the next page begins, for the same query only. It is no secret: the account is asked for anew. */
async function tokenOf(position: number, query: Request): Promise<string> {
  return btoa(`${position} ${await digestOf(query)}`);
}

async function positionOf(token: unknown, query: Request): Promise<number | undefined> {
  if (!given(token)) return undefined;
  const [, position, digest] =
    typeof token === "string" ? (/^([0-9]{1,15}) ([0-9a-f]{64})$/.exec(textOf(token)) ?? []) : [];
  if (position === undefined || digest !== (await digestOf(query))) {
    throw new CloudTrailError("InvalidNextTokenException", "The token is none of this query");
  }
  return Number(position);
}

function textOf(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return "";
  }
}

async function digestOf({ attribute, from, to }: Request): Promise<string> {
  const text = JSON.stringify([attribute?.key, attribute?.value, from, to]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
