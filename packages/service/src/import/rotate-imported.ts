/** The rotation of a key with imported material: to material that was imported before, into every related key. */
import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { inStateOfMaterial, pendingMaterial, withoutExpired } from "../imported-materials.ts";
import { otherKeys } from "../shared-properties.ts";

/** @throws {KmsError} KMSInvalidStateException if no material waits for it, or a replica does not have it yet */
export async function rotatedToImported(call: Call, key: KeyRecord): Promise<KeyRecord> {
  const pending = pendingMaterial(withoutExpired(key, call.now));
  if (pending?.present !== true) {
    throw new KmsError(
      "KMSInvalidStateException",
      `${keyArn(key, key.keyId)} has no imported key material that is pending rotation.`,
    );
  }
  const lacking = await keysLacking(call, key, pending.keyMaterialId);
  if (lacking.length > 0) {
    throw new KmsError(
      "KMSInvalidStateException",
      `${keyArn(key, key.keyId)} has new key material that is not imported into its replicas in ${lacking.join(", ")} yet.`,
    );
  }
  const imported = key.imported?.map((material) =>
    material.keyMaterialId === pending.keyMaterialId ? { ...material, rotatedAt: call.now } : material,
  );
  return inStateOfMaterial({
    ...key,
    ...(imported === undefined ? {} : { imported }),
    keyMaterialId: pending.keyMaterialId,
    materialCount: key.materialCount + 1,
  });
}

/** The Regions of related keys into which material has not been imported. */
export async function keysLacking(
  call: Call,
  key: KeyRecord,
  keyMaterialId: string,
): Promise<readonly string[]> {
  const others = await otherKeys(call.runtime, key);
  return others.flatMap(({ value }) => {
    const { imported = [], region } = withoutExpired(value, call.now);
    return imported.some((one) => one.keyMaterialId === keyMaterialId && one.present) ? [] : [region];
  });
}
