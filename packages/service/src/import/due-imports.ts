/** What is due about imports: material that expires, and wrapping keys whose 24 hours are over. */
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import { backingKeyKey } from "../database/keys.ts";
import type { KeyRecord, Row } from "../database/records.ts";
import { withoutExpired } from "../imported-materials.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { updatedKey } from "../updated-key.ts";
import { releasedMaterial } from "./kept-material.ts";

/** Deletes material that expired. The key waits for its import again, unless the material only waited for a rotation. */
export async function expireMaterial(
  runtime: Runtime,
  due: AuthenticRecord,
  key: Row<KeyRecord> | undefined,
  keyMaterialId: string,
  now: number,
): Promise<void> {
  const done = { removals: [due] };
  const value = key === undefined ? undefined : withoutExpired(key.value, now);
  const material = value?.imported?.find((one) => one.keyMaterialId === keyMaterialId);
  // It may have been imported again since, for longer.
  if (key === undefined || value === undefined || material?.present === true) {
    await runtime.commit(done);
    return;
  }
  const released = await releasedMaterial(runtime, value, keyMaterialId);
  const applied = await runtime.commit(together(done, released, await updatedKey(runtime, key, value)));
  if (applied) await runtime.auditor?.background("DeleteExpiredKeyMaterial", value);
}

/** Deletes a wrapping key. It is gone already if its KMS key is. */
export async function deleteWrappingKey(
  runtime: Runtime,
  due: AuthenticRecord,
  key: Row<KeyRecord> | undefined,
  keyMaterialId: string,
): Promise<void> {
  const kept =
    key === undefined
      ? undefined
      : await runtime.database.records.get(backingKeyKey(key.value, keyMaterialId));
  await runtime.commit({ removals: kept === undefined ? [due] : [due, kept] });
}
