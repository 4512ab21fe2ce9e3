import { keyArn } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import { inStateOfMaterial } from "../imported-materials.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { calledOff, deletionOf } from "../schedule/due-work.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface CancelKeyDeletionRequest {
  KeyId: string | undefined;
}

export interface CancelKeyDeletionResponse {
  KeyId?: string | undefined;
}

/** Calls a scheduled deletion off. The key is disabled afterwards. */
export const cancelKeyDeletion: Operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse> = keyOperation(
  "CancelKeyDeletion",
  {
    input: { KeyId: required(keyId) },
    allowedIn: ["PendingDeletion", "PendingReplicaDeletion"],
    run: async (call, _input, key) => {
      const { deletionAt, pendingWindowInDays: _window, ...kept } = key.value;
      const off = deletionAt === undefined ? {} : await calledOff(call.runtime, deletionAt, deletionOf(kept));
      const disabled: KeyRecord = { ...kept, state: "Disabled" };
      // Without its imported material it could not be enabled.
      await call.updateKey(key, kept.origin === "EXTERNAL" ? inStateOfMaterial(disabled) : disabled, off);
      return { KeyId: keyArn(kept, kept.keyId) };
    },
  },
);
