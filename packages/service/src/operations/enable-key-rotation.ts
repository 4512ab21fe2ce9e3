import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { assertNotReplica } from "../related-keys.ts";
import { withRotation } from "../rotation.ts";
import { DAY } from "../schedule/due-work.ts";
import { keyId } from "../shapes/common.ts";
import { integer, optional, required } from "../shapes/shape.ts";

export interface EnableKeyRotationRequest {
  KeyId: string | undefined;
  RotationPeriodInDays?: number | undefined;
}

/** Days between rotations unless the caller says otherwise. */
const DEFAULT_PERIOD = 365;

/** Has a key, and its replicas with it, rotated automatically. On a key that already is, the period counts anew from now. */
export const enableKeyRotation: Operation<EnableKeyRotationRequest, object> = keyOperation(
  "EnableKeyRotation",
  {
    input: { KeyId: required(keyId), RotationPeriodInDays: optional(integer(90, 2560)) },
    rotation: true,
    origins: ["AWS_KMS"],
    allowedIn: USABLE,
    run: async (call, input, key) => {
      assertNotReplica(key.value);
      const periodInDays = input.RotationPeriodInDays ?? DEFAULT_PERIOD;
      const nextAt = call.now + periodInDays * DAY;
      const rotation = { periodInDays, nextAt, scheduled: true };
      const { key: rotating, mutation } = await withRotation(call.runtime, key.value, rotation);
      await call.updateKey(key, rotating, mutation);
      return {};
    },
  },
);
