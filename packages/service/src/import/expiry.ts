/** When imported material expires, as due work. */
import type { Mutation } from "@kmslite/store/authenticated";
import type { KeyRecord } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { calledOff, type DueTask, planned } from "../schedule/due-work.ts";

/** Has material expire at another time than before; not at all if that is `undefined`. */
export async function movedExpiry(
  runtime: Runtime,
  { region, keyId }: Pick<KeyRecord, "region" | "keyId">,
  keyMaterialId: string,
  former: number | undefined,
  validTo: number | undefined,
): Promise<Mutation> {
  if (former === validTo) return {};
  const task: DueTask = { task: "expire-material", region, keyId, keyMaterialId };
  return together(
    former === undefined ? {} : await calledOff(runtime, former, task),
    validTo === undefined ? {} : planned(validTo, task),
  );
}
