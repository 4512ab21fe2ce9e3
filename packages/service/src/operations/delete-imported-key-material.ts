import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { ImportedMaterial, KeyRecord, Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { movedExpiry } from "../import/expiry.ts";
import { forgottenMaterial, releasedMaterial } from "../import/kept-material.ts";
import { inStateOfMaterial, pendingMaterial, withoutMaterial } from "../imported-materials.ts";
import { together } from "../mutations.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { isPrimary } from "../related-keys.ts";
import { keyId, keyMaterialId } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface DeleteImportedKeyMaterialRequest {
  KeyId: string | undefined;
  KeyMaterialId?: string | undefined;
}

export interface DeleteImportedKeyMaterialResponse {
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
}

/**
 * Deletes imported material: the current one unless another is named. The key waits until the same material is imported again.
 *
 * Material that only waited for a rotation is forgotten, in all related keys if it is deleted from their primary key.
 */
export const deleteImportedKeyMaterial: Operation<
  DeleteImportedKeyMaterialRequest,
  DeleteImportedKeyMaterialResponse
> = keyOperation("DeleteImportedKeyMaterial", {
  input: { KeyId: required(keyId), KeyMaterialId: optional(keyMaterialId) },
  origins: ["EXTERNAL"],
  allowedIn: ["Enabled", "Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport"],
  run: async (call, input, key) => {
    const id = input.KeyMaterialId ?? key.value.keyMaterialId;
    const material = key.value.imported?.find((one) => one.keyMaterialId === id);
    if (material === undefined && input.KeyMaterialId !== undefined) {
      throw new KmsError("NotFoundException", `Key material ${id} is not associated with this key.`);
    }
    if (material !== undefined) await remove(call, key, material);
    const isSymmetric = key.value.keySpec === "SYMMETRIC_DEFAULT" && id !== "";
    return { KeyId: keyArn(key.value, key.value.keyId), ...(isSymmetric ? { KeyMaterialId: id } : {}) };
  },
});

async function remove(call: Call, key: Row<KeyRecord>, material: ImportedMaterial): Promise<void> {
  const { imported = [] } = key.value;
  const forgotten = material === pendingMaterial(key.value) && isPrimary(key.value);
  const value = inStateOfMaterial({
    ...key.value,
    imported: forgotten
      ? imported.filter((one) => one !== material)
      : imported.map((one) => (one === material ? withoutMaterial(one) : one)),
  });
  const released = forgotten
    ? await forgottenMaterial(call.runtime, value, material.keyMaterialId)
    : await releasedMaterial(call.runtime, value, material.keyMaterialId);
  const expiry = await movedExpiry(call.runtime, value, material.keyMaterialId, material.validTo, undefined);
  await call.updateKey(key, value, together(released, expiry));
}
