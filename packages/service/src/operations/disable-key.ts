import { keyOperation, type Operation } from "../operation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DisableKeyRequest {
  KeyId: string | undefined;
}

/** Makes a key unusable for cryptographic operations until it is enabled again. */
export const disableKey: Operation<DisableKeyRequest, object> = keyOperation("DisableKey", {
  input: { KeyId: required(keyId) },
  allowedIn: ["Enabled", "Disabled", "Unavailable"],
  run: async (call, _input, key) => {
    if (key.value.state !== "Disabled") await call.updateKey(key, { ...key.value, state: "Disabled" });
    return {};
  },
});
