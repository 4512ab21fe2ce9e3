import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { KeyRecord, KeyState, Row } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { isPrimary, relatedKeys } from "../related-keys.ts";
import { DAY, deletionOf, planned } from "../schedule/due-work.ts";
import { keyId } from "../shapes/common.ts";
import { integer, optional, required } from "../shapes/shape.ts";

export interface ScheduleKeyDeletionRequest {
  KeyId: string | undefined;
  PendingWindowInDays?: number | undefined;
}

export interface ScheduleKeyDeletionResponse {
  KeyId?: string | undefined;
  DeletionDate?: Date | undefined;
  KeyState?: KeyState | undefined;
  PendingWindowInDays?: number | undefined;
}

/** Days of waiting unless the caller says otherwise, and the least and most it may say (the model allows more). */
const DEFAULT_WINDOW = 30;
const MINIMUM_WINDOW = 7;
const MAXIMUM_WINDOW = 30;

/** Has a key deleted, with everything encrypted under it lost, after a waiting period. */
export const scheduleKeyDeletion: Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> =
  keyOperation("ScheduleKeyDeletion", {
    input: { KeyId: required(keyId), PendingWindowInDays: optional(integer(1, 365)) },
    allowedIn: ["Enabled", "Disabled", "PendingImport", "Unavailable", "Creating"],
    run: async (call, input, key) => {
      const days = input.PendingWindowInDays ?? DEFAULT_WINDOW;
      if (days < MINIMUM_WINDOW || days > MAXIMUM_WINDOW) {
        throw new KmsError(
          "ValidationException",
          `PendingWindowInDays must be between ${MINIMUM_WINDOW} and ${MAXIMUM_WINDOW} inclusive`,
        );
      }
      if (isPrimary(key.value) && relatedKeys(key.value).replicas.length > 0) {
        return waitForReplicas(call, key, days);
      }
      const deletionAt = call.now + days * DAY;
      const due = planned(deletionAt, deletionOf(key.value));
      await call.updateKey(key, { ...key.value, state: "PendingDeletion", deletionAt }, due);
      return {
        KeyId: keyArn(key.value, key.value.keyId),
        DeletionDate: new Date(deletionAt),
        KeyState: "PendingDeletion",
        PendingWindowInDays: days,
      };
    },
  });

/** The waiting period of a primary key begins when the last of its replicas is deleted. */
async function waitForReplicas(
  call: Call,
  key: Row<KeyRecord>,
  pendingWindowInDays: number,
): Promise<ScheduleKeyDeletionResponse> {
  await call.updateKey(key, { ...key.value, state: "PendingReplicaDeletion", pendingWindowInDays });
  return {
    KeyId: keyArn(key.value, key.value.keyId),
    KeyState: "PendingReplicaDeletion",
    PendingWindowInDays: pendingWindowInDays,
  };
}
