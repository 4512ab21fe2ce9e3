/**
 * Records of due work: what shall happen at a time, whether or not a process runs then.
 *
 * They stand in the store in order of time. A process that starts, or is called, after that time does what is due.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { dueKey } from "../database/keys.ts";
import { encode, type KeyRecord } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";

/** A piece of due work. */
export interface DueTask {
  readonly task: "delete-key" | "rotate-key" | "expire-material" | "delete-wrapping-key";
  readonly region: string;
  readonly keyId: string;
  /** Of the material that the task is about, if it is about one. */
  readonly keyMaterialId?: string;
}

/** Milliseconds in a day. */
export const DAY = 86_400_000;

/** Has a task done at a time. */
export function planned(time: number, task: DueTask): Mutation {
  return { inserts: [{ key: placeOf(time, task), payload: encode(task) }] };
}

/** Calls a task off. */
export async function calledOff(runtime: Runtime, time: number, task: DueTask): Promise<Mutation> {
  const record = await runtime.database.records.get(placeOf(time, task));
  return record === undefined ? {} : { removals: [record] };
}

/** The deletion of a key. */
export function deletionOf(key: Pick<KeyRecord, "region" | "keyId">): DueTask {
  return { task: "delete-key", region: key.region, keyId: key.keyId };
}

/** The automatic rotation of a key. */
export function rotationOf(key: Pick<KeyRecord, "region" | "keyId">): DueTask {
  return { task: "rotate-key", region: key.region, keyId: key.keyId };
}

function placeOf(time: number, { task, region, keyId, keyMaterialId }: DueTask): string {
  const place = `${task}/${region}/${keyId}`;
  return dueKey(time, keyMaterialId === undefined ? place : `${place}/${keyMaterialId}`);
}
