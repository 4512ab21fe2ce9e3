import { ANY_STATE, NOT_PENDING_DELETION } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface GetKeyRotationStatusRequest {
  KeyId: string | undefined;
}

export interface GetKeyRotationStatusResponse {
  KeyRotationEnabled?: boolean | undefined;
  KeyId?: string | undefined;
  RotationPeriodInDays?: number | undefined;
  NextRotationDate?: Date | undefined;
  OnDemandRotationStartDate?: Date | undefined;
}

/**
 * Tells whether and when a key rotates automatically. A key that is pending deletion does not rotate.
 *
 * On-demand rotations are complete when their call returns, so there is never one in progress to tell of.
 */
export const getKeyRotationStatus: Operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> =
  keyOperation("GetKeyRotationStatus", {
    input: { KeyId: required(keyId) },
    rotation: true,
    origins: ["AWS_KMS"],
    allowedIn: ANY_STATE,
    run: async (_call, _input, { value: key }) => {
      const rotation = NOT_PENDING_DELETION.includes(key.state) ? key.rotation : undefined;
      if (rotation === undefined) return { KeyRotationEnabled: false, KeyId: key.keyId };
      return {
        KeyRotationEnabled: true,
        KeyId: key.keyId,
        RotationPeriodInDays: rotation.periodInDays,
        NextRotationDate: new Date(rotation.nextAt),
      };
    },
  });
