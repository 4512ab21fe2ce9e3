import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { assertNotReplica } from "../related-keys.ts";
import { withRotation } from "../rotation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DisableKeyRotationRequest {
  KeyId: string | undefined;
}

/** Ends the automatic rotation of a key. Its former backing keys stay. */
export const disableKeyRotation: Operation<DisableKeyRotationRequest, object> = keyOperation(
  "DisableKeyRotation",
  {
    input: { KeyId: required(keyId) },
    rotation: true,
    origins: ["AWS_KMS"],
    allowedIn: USABLE,
    run: async (call, _input, key) => {
      assertNotReplica(key.value);
      if (key.value.rotation === undefined) return {};
      const { key: still, mutation } = await withRotation(call.runtime, key.value, undefined);
      await call.updateKey(key, still, mutation);
      return {};
    },
  },
);
