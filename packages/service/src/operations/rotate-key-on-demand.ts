import { keyArn } from "../arn.ts";
import { KmsError } from "../errors.ts";
import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { assertNotReplica } from "../related-keys.ts";
import { withFreshMaterial } from "../rotation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface RotateKeyOnDemandRequest {
  KeyId: string | undefined;
}

export interface RotateKeyOnDemandResponse {
  KeyId?: string | undefined;
}

/** Rotates a key, and its replicas with it, now: to fresh material, or to imported material that waits for it. Its automatic rotation, if any, keeps its schedule. */
export const rotateKeyOnDemand: Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> = keyOperation(
  "RotateKeyOnDemand",
  {
    input: { KeyId: required(keyId) },
    rotation: true,
    origins: ["AWS_KMS", "EXTERNAL"],
    allowedIn: USABLE,
    run: async (call, _input, key) => {
      assertNotReplica(key.value);
      const { onDemandRotationsPerKey } = call.runtime.limits;
      if (key.value.onDemandRotations >= onDemandRotationsPerKey) {
        throw new KmsError(
          "LimitExceededException",
          `${keyArn(key.value, key.value.keyId)} has reached its limit of ${onDemandRotationsPerKey} on-demand rotations.`,
        );
      }
      const rotated = { ...key.value, onDemandRotations: key.value.onDemandRotations + 1 };
      if (key.value.origin === "EXTERNAL") {
        const { rotatedToImported } = await import("../import/rotate-imported.ts");
        await call.updateKey(key, await rotatedToImported(call, rotated));
      } else {
        const fresh = withFreshMaterial(call.runtime, rotated, "ON_DEMAND", call.now);
        await call.updateKey(key, fresh.key, fresh.mutation);
      }
      return { KeyId: key.value.keyId };
    },
  },
);
