/**
 * The imported material of a key, as its record tells it: which material is the key's, which of it is here, and until when.
 *
 * The first material is current at once. Later material of a symmetric key waits at the end of the list until the key is
 * rotated to it. Ids, their order and rotations are shared by related keys; what is here, and until when, is each Region's own.
 */
import type { ImportedMaterial, KeyRecord, KeyState } from "./database/records.ts";

/** What related keys share of their imported material. */
type Kept = Pick<KeyRecord, "imported" | "keyMaterialId" | "state" | "expiration">;

/** The material that waits for a rotation, if there is any. */
export function pendingMaterial({ imported = [], keyMaterialId }: Kept): ImportedMaterial | undefined {
  const last = imported.at(-1);
  const current = imported.findIndex((material) => material.keyMaterialId === keyMaterialId);
  return current >= 0 && current < imported.length - 1 ? last : undefined;
}

/** The material that belongs to the key for good: it is current, or was. */
function permanentMaterials(key: Kept): readonly ImportedMaterial[] {
  const pending = pendingMaterial(key);
  return (key.imported ?? []).filter((material) => material !== pending);
}

/** When the first of the material that the key needs expires; `undefined` if there is none of it. */
function expirationOf(key: Kept): KeyRecord["expiration"] {
  const present = permanentMaterials(key).filter((material) => material.present);
  const times = present.flatMap(({ validTo }) => (validTo === undefined ? [] : [validTo]));
  if (present.length === 0) return undefined;
  return times.length === 0 ? {} : { validTo: Math.min(...times) };
}

/** The key in the state that follows from its material: it can be used only if all of it is here. */
export function inStateOfMaterial(key: KeyRecord): KeyRecord {
  const expiration = expirationOf(key);
  const { expiration: _former, ...rest } = { ...key, state: stateOf(key) };
  return expiration === undefined ? rest : { ...rest, expiration };
}

/** The key without the material whose time is over, whether or not its record says so already. */
export function withoutExpired(key: KeyRecord, now: number): KeyRecord {
  if (
    key.imported?.some(({ present, validTo }) => present && validTo !== undefined && validTo <= now) !== true
  )
    return key;
  const imported = key.imported.map((material) =>
    material.validTo !== undefined && material.validTo <= now ? withoutMaterial(material) : material,
  );
  return inStateOfMaterial({ ...key, imported });
}

/** A material that is not here any more; its description stays. */
export function withoutMaterial({ validTo: _validTo, ...material }: ImportedMaterial): ImportedMaterial {
  return { ...material, present: false };
}

/** A related key's own list, brought to the ids and rotations of `shared`. */
export function withSharedMaterials(key: KeyRecord, shared: Kept): KeyRecord {
  if (shared.imported === undefined) return key;
  const own = new Map(key.imported?.map((material) => [material.keyMaterialId, material]));
  const imported = shared.imported.map(({ keyMaterialId, rotatedAt }) => ({
    present: false,
    ...own.get(keyMaterialId),
    keyMaterialId,
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
  }));
  return inStateOfMaterial({ ...key, imported, keyMaterialId: shared.keyMaterialId });
}

/** What of a key's imported material is not its own alone. */
export function sharedMaterials({ imported = [] }: Kept): readonly (string | number | undefined)[] {
  return imported.flatMap(({ keyMaterialId, rotatedAt }) => [keyMaterialId, rotatedAt]);
}

function stateOf(key: Kept): KeyState {
  const { state } = key;
  if (state === "PendingDeletion" || state === "PendingReplicaDeletion") return state;
  const complete = key.keyMaterialId !== "" && permanentMaterials(key).every(({ present }) => present);
  if (!complete) return "PendingImport";
  return state === "PendingImport" ? "Enabled" : state;
}
