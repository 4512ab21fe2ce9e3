/** The imported material of a key as ListKeyRotations tells it. */
import type { Call } from "../call.ts";
import type { ImportedMaterial, KeyRecord } from "../database/records.ts";
import { pendingMaterial } from "../imported-materials.ts";
import type {
  ListKeyRotationsRequest,
  ListKeyRotationsResponse,
  RotationsListEntry,
} from "../operations/list-key-rotations.ts";
import { pageOfItems } from "../pagination.ts";
import type { Validated } from "../shapes/shape.ts";
import { keysLacking } from "./rotate-imported.ts";

export async function listImported(
  call: Call,
  key: KeyRecord,
  input: Validated<ListKeyRotationsRequest>,
): Promise<ListKeyRotationsResponse> {
  const all = input.IncludeKeyMaterial === "ALL_KEY_MATERIAL";
  // Material never moves in the list, so that its number is its name for the marker.
  const numbered = (key.imported ?? []).map((material, index) => ({
    material,
    number: String(index).padStart(8, "0"),
  }));
  const listed = numbered.filter(({ material }) => all || material.rotatedAt !== undefined);
  const { items, page } = pageOfItems(`rotations/${key.keyId}`, listed, ({ number }) => number, input);
  const waiting = await stateOfPending(call, key);
  return { Rotations: items.map(({ material }) => entry(key, material, waiting)), ...page };
}

async function stateOfPending(call: Call, key: KeyRecord): Promise<RotationsListEntry["KeyMaterialState"]> {
  const pending = pendingMaterial(key);
  if (pending === undefined) return undefined;
  const missing = !pending.present || (await keysLacking(call, key, pending.keyMaterialId)).length > 0;
  return missing ? "PENDING_MULTI_REGION_IMPORT_AND_ROTATION" : "PENDING_ROTATION";
}

function entry(
  key: KeyRecord,
  material: ImportedMaterial,
  waiting: RotationsListEntry["KeyMaterialState"],
): RotationsListEntry {
  const { keyMaterialId, present, description, validTo, rotatedAt } = material;
  const state = keyMaterialId === key.keyMaterialId ? "CURRENT" : "NON_CURRENT";
  return {
    KeyId: key.keyId,
    KeyMaterialId: keyMaterialId,
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ImportState: present ? "IMPORTED" : "PENDING_IMPORT",
    KeyMaterialState: material === pendingMaterial(key) ? waiting : state,
    ...(present ? expirationOf(validTo) : {}),
    ...(rotatedAt === undefined
      ? {}
      : { RotationDate: new Date(rotatedAt), RotationType: "ON_DEMAND" as const }),
  };
}

/** How members of answers say when material expires. */
function expirationOf(validTo: number | undefined): Pick<RotationsListEntry, "ExpirationModel" | "ValidTo"> {
  if (validTo === undefined) return { ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" };
  return { ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo: new Date(validTo) };
}
