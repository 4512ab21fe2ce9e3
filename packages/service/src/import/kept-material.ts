/** The one key token of imported material, which stays while any of the related keys has the material. */
import type { Mutation } from "@kmslite/store/authenticated";
import { backingKeyKey } from "../database/keys.ts";
import type { KeyRecord } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { otherKeys } from "../shared-properties.ts";
import type { BroughtMaterial } from "./brought-material.ts";

/** Keeps material; what a related key keeps already is held still, since that key may be giving it up at the same time. */
export async function keptMaterial(
  runtime: Runtime,
  key: KeyRecord,
  { keyMaterialId, publicKey }: BroughtMaterial,
  material: Uint8Array,
): Promise<Mutation> {
  const held = await runtime.database.records.get(backingKeyKey(key, keyMaterialId));
  if (held !== undefined) return { unchanged: [held] };
  return runtime.backingKeys.keep(key, keyMaterialId, material, publicKey).mutation;
}

/** Gives material up: its key token goes, unless another of the related keys has it. */
export async function releasedMaterial(
  runtime: Runtime,
  key: KeyRecord,
  keyMaterialId: string,
): Promise<Mutation> {
  const held = await runtime.database.records.get(backingKeyKey(key, keyMaterialId));
  if (held === undefined) return {};
  const others = await otherKeys(runtime, key);
  const users = others.filter(({ value }) =>
    value.imported?.some((material) => material.keyMaterialId === keyMaterialId && material.present),
  );
  const unchanged = others.map(({ record }) => record);
  return users.length > 0 ? { unchanged } : { unchanged, removals: [held] };
}

/** Gives material up that none of the related keys shall have any more. */
export async function forgottenMaterial(
  runtime: Runtime,
  key: KeyRecord,
  keyMaterialId: string,
): Promise<Mutation> {
  const held = await runtime.database.records.get(backingKeyKey(key, keyMaterialId));
  return held === undefined ? {} : { removals: [held] };
}

/**
 * Gives up all that only this key has, one commit for each, before the key is deleted; `false` when somebody else interfered,
 * and it must be tried again.
 */
export async function releaseAll(runtime: Runtime, key: KeyRecord): Promise<boolean> {
  for (const { keyMaterialId, present } of key.imported ?? []) {
    if (present && !(await runtime.commit(await releasedMaterial(runtime, key, keyMaterialId)))) return false;
  }
  return true;
}
