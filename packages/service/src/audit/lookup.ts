/** Finds events in the log, the newest first, by what CloudTrail's LookupEvents looks them up by. */
import type { AuditLog, LoggedEvent } from "./audit-log.ts";
import type { AuditEvent } from "./event.ts";
import { userNameOf } from "./user-identity.ts";

export type LookupAttribute =
  | "AccessKeyId"
  | "EventId"
  | "EventName"
  | "EventSource"
  | "ReadOnly"
  | "ResourceName"
  | "ResourceType"
  | "Username";

export interface LookupQuery {
  /** Whose events: those that it called, and those on what is its own. */
  readonly accountId?: string;
  readonly region?: string;
  readonly attribute?: { readonly key: LookupAttribute; readonly value: string };
  /** Milliseconds since 1970, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Only events before this number. */
  readonly before?: number;
  readonly limit: number;
}

/** A page of events, and where the next begins if there may be more. */
export interface LookupPage {
  readonly events: readonly LoggedEvent[];
  /** For `before`. */
  readonly next?: number;
}

/** How far clocks of several processes may differ, in milliseconds: the log is in order of appending, not quite of time. */
const CLOCK_SKEW = 300_000;

/** Looks through the log until the page is full, or older events can't match any more. */
export async function lookUp(log: AuditLog, query: LookupQuery): Promise<LookupPage> {
  const events: LoggedEvent[] = [];
  const { from = Number.NEGATIVE_INFINITY, limit } = query;
  for await (const logged of log.latest(query.before)) {
    const at = Date.parse(logged.event.eventTime);
    if (at < from - CLOCK_SKEW) return { events };
    if (!matches(logged.event, at, query)) continue;
    if (events.length === limit) return { events, next: events.at(-1)?.index ?? 0 };
    events.push(logged);
  }
  return { events };
}

function matches(
  event: AuditEvent,
  at: number,
  { accountId, region, attribute, from, to }: LookupQuery,
): boolean {
  // Events are told in whole seconds.
  if (from !== undefined && at + 999 < from) return false;
  if (to !== undefined && at > to) return false;
  if (region !== undefined && event.awsRegion !== region) return false;
  if (accountId !== undefined && !concerns(event, accountId)) return false;
  return attribute === undefined || valuesOf(event, attribute.key).includes(attribute.value);
}

function concerns(event: AuditEvent, accountId: string): boolean {
  return (
    event.recipientAccountId === accountId ||
    event.resources?.some((resource) => resource.accountId === accountId) === true
  );
}

/** What an attribute of an event may be called. */
function valuesOf(event: AuditEvent, key: LookupAttribute): readonly (string | undefined)[] {
  switch (key) {
    case "AccessKeyId":
      return [event.userIdentity.accessKeyId];
    case "EventId":
      return [event.eventID];
    case "EventName":
      return [event.eventName];
    case "EventSource":
      return [event.eventSource];
    case "ReadOnly":
      return [String(event.readOnly)];
    case "ResourceName":
      // By ARN, or by what stands behind its last colon or slash: a key id, an alias name.
      return (event.resources ?? []).flatMap(({ ARN }) => [
        ARN,
        ARN.slice(ARN.indexOf("/") + 1),
        ARN.slice(ARN.lastIndexOf(":") + 1),
      ]);
    case "ResourceType":
      return (event.resources ?? []).map(({ type }) => type);
    case "Username":
      return [userNameOf(event)];
  }
}
