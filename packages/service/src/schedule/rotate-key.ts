/** The automatic rotation of a key whose time has come. */
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import type { KeyRecord, Row } from "../database/records.ts";
import { together } from "../mutations.ts";
import { isPrimary } from "../related-keys.ts";
import { withFreshMaterial } from "../rotation.ts";
import type { Runtime } from "../runtime.ts";
import { updatedKey } from "../updated-key.ts";
import { DAY, planned, rotationOf } from "./due-work.ts";

/**
 * Rotates once, however many periods passed while no process ran, and plans the next rotation from the time that was
 * due. A key that is not enabled is not rotated: EnableKey has it caught up.
 */
export async function rotateKey(
  runtime: Runtime,
  due: AuthenticRecord,
  key: Row<KeyRecord> | undefined,
  now: number,
): Promise<void> {
  const rotation = key?.value.rotation;
  if (key === undefined || rotation === undefined || !isPrimary(key.value)) {
    await runtime.commit({ removals: [due] });
    return;
  }
  if (key.value.state !== "Enabled") {
    const waiting: KeyRecord = { ...key.value, rotation: { ...rotation, scheduled: false } };
    await runtime.commit(together({ removals: [due] }, await updatedKey(runtime, key, waiting)));
    return;
  }
  const nextAt = nextRotation(rotation.nextAt, rotation.periodInDays * DAY, now);
  const rotated = { ...key.value, rotation: { ...rotation, nextAt, scheduled: true } };
  const fresh = withFreshMaterial(runtime, rotated, "AUTOMATIC", now);
  const applied = await runtime.commit(
    together(
      fresh.mutation,
      planned(nextAt, rotationOf(key.value)),
      { removals: [due] },
      await updatedKey(runtime, key, fresh.key),
    ),
  );
  if (applied) await runtime.auditor?.background("RotateKey", fresh.key);
}

/** The first time of the schedule that is still to come. */
function nextRotation(dueAt: number, period: number, now: number): number {
  const missed = Math.max(0, Math.floor((now - dueAt) / period));
  return dueAt + (missed + 1) * period;
}
