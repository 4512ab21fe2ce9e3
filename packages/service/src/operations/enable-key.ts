import type { Call } from "../call.ts";
import type { KeyRecord } from "../database/records.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { isPrimary } from "../related-keys.ts";
import { withRotation } from "../rotation.ts";
import { keyId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface EnableKeyRequest {
  KeyId: string | undefined;
}

/** Makes a disabled key usable again. A rotation that fell due while it was disabled happens now. */
export const enableKey: Operation<EnableKeyRequest, object> = keyOperation("EnableKey", {
  input: { KeyId: required(keyId) },
  allowedIn: ["Enabled", "Disabled", "Unavailable"],
  run: async (call, _input, key) => {
    if (key.value.state === "Enabled") return {};
    const { key: resumed, mutation } = await withOverdueRotation(call, key.value);
    await call.updateKey(key, { ...resumed, state: "Enabled" }, mutation);
    return {};
  },
});

function withOverdueRotation(call: Call, key: KeyRecord): ReturnType<typeof withRotation> {
  const { rotation } = key;
  // Replicas rotate with their primary key.
  if (rotation === undefined || rotation.scheduled || !isPrimary(key))
    return Promise.resolve({ key, mutation: {} });
  return withRotation(call.runtime, key, { ...rotation, nextAt: call.now, scheduled: true });
}
