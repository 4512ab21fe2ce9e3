import { NOT_PENDING_DELETION } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { description, keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface UpdateKeyDescriptionRequest {
  KeyId: string | undefined;
  Description: string | undefined;
}

/** Replaces the description of a KMS key. */
export const updateKeyDescription: Operation<UpdateKeyDescriptionRequest, object> = keyOperation(
  "UpdateKeyDescription",
  {
    input: { KeyId: required(keyId), Description: required(description) },
    allowedIn: NOT_PENDING_DELETION,
    run: async (call, input, key) => {
      await call.updateKey(key, { ...key.value, description: input.Description });
      return {};
    },
  },
);
