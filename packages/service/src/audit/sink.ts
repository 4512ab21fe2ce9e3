/** Where audit events go. */
import type { Runtime } from "../runtime.ts";
import { Auditor } from "./auditor.ts";
import type { AuditEvent } from "./event.ts";
import { GroupCommit, untilTurnEnds } from "./group-commit.ts";
import { StoreLog } from "./store-log.ts";

/**
 * Keeps events, in order and durably before it returns. It is called again only when it has returned: what comes meanwhile goes into
 * the next call together.
 */
export type AuditSink = (events: readonly AuditEvent[]) => Promise<void> | void;

/** The store's own log, which is a Merkle tree, or a sink of one's own. */
export type AuditOption = "store" | AuditSink;

/** Opens the log. */
export async function openAudit(runtime: Runtime, option: AuditOption): Promise<Auditor> {
  if (typeof option === "function") return new Auditor(runtime.clock, new GroupCommit(option));
  const log = await StoreLog.open(runtime.database, runtime.clock());
  return new Auditor(
    runtime.clock,
    new GroupCommit((events: readonly AuditEvent[]) => log.append(events), untilTurnEnds),
  );
}
