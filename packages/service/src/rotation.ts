/**
 * Rotation of a KMS key: new material becomes current, and every older one stays to decrypt.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import type { MadeMaterial } from "./backing-keys.ts";
import { materialKey } from "./database/keys.ts";
import { encode, type KeyRecord, type MaterialRecord, type RotationSchedule } from "./database/records.ts";
import { together } from "./mutations.ts";
import type { Runtime } from "./runtime.ts";
import { calledOff, planned, rotationOf } from "./schedule/due-work.ts";

/** A symmetric key with fresh current material, and the records to commit along with it. */
export function withFreshMaterial(
  runtime: Runtime,
  key: KeyRecord,
  rotationType: "AUTOMATIC" | "ON_DEMAND" | undefined,
  now: number,
): { readonly key: KeyRecord; readonly mutation: Mutation } {
  return withMaterial(key, runtime.backingKeys.create(key), rotationType, now);
}

/** A key with other current material, and the records to commit along with it. */
export function withMaterial(
  key: KeyRecord,
  { keyMaterialId, mutation }: MadeMaterial,
  rotationType: "AUTOMATIC" | "ON_DEMAND" | undefined,
  now: number,
): { readonly key: KeyRecord; readonly mutation: Mutation } {
  const materialCount = key.materialCount + 1;
  const material: MaterialRecord = {
    keyMaterialId,
    createdAt: now,
    ...(rotationType === undefined ? {} : { rotationType }),
  };
  const place = materialKey(key, materialCount);
  return {
    key: { ...key, keyMaterialId, materialCount },
    mutation: together(mutation, { inserts: [{ key: place, payload: encode(material) }] }),
  };
}

/** A key whose automatic rotation is set to `rotation` (or off), and the due work that follows from it. */
export async function withRotation(
  runtime: Runtime,
  key: KeyRecord,
  rotation: RotationSchedule | undefined,
): Promise<{ readonly key: KeyRecord; readonly mutation: Mutation }> {
  const { rotation: former, ...rest } = key;
  if (former?.scheduled === true && rotation?.scheduled === true && former.nextAt === rotation.nextAt) {
    return { key: { ...rest, rotation }, mutation: {} };
  }
  const task = rotationOf(key);
  const off = former?.scheduled === true ? await calledOff(runtime, former.nextAt, task) : {};
  if (rotation === undefined) return { key: rest, mutation: off };
  const on = rotation.scheduled ? planned(rotation.nextAt, task) : {};
  return { key: { ...rest, rotation }, mutation: together(off, on) };
}
