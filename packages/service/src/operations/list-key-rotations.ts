import { materialPrefix } from "../database/keys.ts";
import { decode, type KeyRecord, type MaterialRecord } from "../database/records.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type PageResponse, pageOf } from "../pagination.ts";
import { keyId, limit, marker } from "../shapes/common.ts";
import { oneOf, optional, required } from "../shapes/shape.ts";

export interface ListKeyRotationsRequest {
  KeyId: string | undefined;
  IncludeKeyMaterial?: "ALL_KEY_MATERIAL" | "ROTATIONS_ONLY" | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface RotationsListEntry {
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
  KeyMaterialDescription?: string | undefined;
  ImportState?: "IMPORTED" | "PENDING_IMPORT" | undefined;
  KeyMaterialState?:
    | "CURRENT"
    | "NON_CURRENT"
    | "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    | "PENDING_ROTATION"
    | undefined;
  ExpirationModel?: "KEY_MATERIAL_EXPIRES" | "KEY_MATERIAL_DOES_NOT_EXPIRE" | undefined;
  ValidTo?: Date | undefined;
  RotationDate?: Date | undefined;
  RotationType?: "AUTOMATIC" | "ON_DEMAND" | undefined;
}

export interface ListKeyRotationsResponse extends PageResponse {
  Rotations?: RotationsListEntry[] | undefined;
}

/** Lists the versions of a key's material, oldest first: those made by rotation, or all. */
export const listKeyRotations: Operation<ListKeyRotationsRequest, ListKeyRotationsResponse> = keyOperation(
  "ListKeyRotations",
  {
    input: {
      KeyId: required(keyId),
      IncludeKeyMaterial: optional(oneOf(["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"])),
      Limit: optional(limit),
      Marker: optional(marker),
    },
    rotation: true,
    origins: ["AWS_KMS", "EXTERNAL"],
    allowedIn: ANY_STATE,
    run: async (call, input, { value: key }) => {
      if (key.origin === "EXTERNAL") {
        const { listImported } = await import("../import/list-imported.ts");
        return listImported(call, key, input);
      }
      const all = input.IncludeKeyMaterial === "ALL_KEY_MATERIAL";
      const prefix = materialPrefix(key);
      const after = all ? {} : { after: FIRST_MATERIAL };
      const { records, page } = await pageOf(call.runtime.database.records, prefix, input, after);
      const materials = records.map((record) => decode<MaterialRecord>(record).value);
      return { Rotations: materials.map((material) => entry(key, material)), ...page };
    },
  },
);

/** The material that a key was made with is no rotation. */
const FIRST_MATERIAL = "00000001";

function entry(key: KeyRecord, material: MaterialRecord): RotationsListEntry {
  const current = material.keyMaterialId === key.keyMaterialId;
  return {
    KeyId: key.keyId,
    KeyMaterialId: material.keyMaterialId,
    KeyMaterialState: current ? "CURRENT" : "NON_CURRENT",
    ...(material.rotationType === undefined
      ? {}
      : { RotationDate: new Date(material.createdAt), RotationType: material.rotationType }),
  };
}
