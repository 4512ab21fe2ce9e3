/** What the audit log shows: one key for everything, and requests that name a key of another Region. */
import { AuditLog } from "../audit/audit-log.ts";
import type { Runtime } from "../runtime.ts";
import { DAY } from "../schedule/due-work.ts";
import type { Finding } from "./finding.ts";
import { KeyUses } from "./key-uses.ts";
import { OtherRegions } from "./other-regions.ts";

/** The newest events are looked at, as far back as either allows. */
const MAXIMUM_EVENTS = 100_000;
const DAYS = 90;

export interface ExaminedEvents {
  /** How many events were looked at. */
  readonly events: number;
  readonly findings: readonly Finding[];
}

/** `undefined` if the store has no audit log. */
export async function examineEvents(runtime: Runtime): Promise<ExaminedEvents | undefined> {
  const log = await AuditLog.open(runtime);
  if (log === undefined) return undefined;
  const since = new Date(runtime.clock() - DAYS * DAY).toISOString();
  const uses = new KeyUses();
  const regions = new OtherRegions();
  let events = 0;
  for await (const { event } of log.latest()) {
    if (events === MAXIMUM_EVENTS || event.eventTime < since) break;
    events++;
    uses.note(event);
    regions.note(event);
  }
  return { events, findings: [...uses.findings(), ...regions.findings()] };
}
