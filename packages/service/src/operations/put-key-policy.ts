import { assertKeyPolicy } from "../key-policy.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { assertPolicyName, policyName } from "../policies/policy-name.ts";
import { keyId, policy } from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface PutKeyPolicyRequest {
  KeyId: string | undefined;
  PolicyName?: string | undefined;
  Policy: string | undefined;
  BypassPolicyLockoutSafetyCheck?: boolean | undefined;
}

/** Gives a key another policy, one that lets the caller do so again unless it says that it need not. */
export const putKeyPolicy: Operation<PutKeyPolicyRequest, object> = keyOperation("PutKeyPolicy", {
  input: {
    KeyId: required(keyId),
    PolicyName: optional(policyName),
    Policy: required(policy),
    BypassPolicyLockoutSafetyCheck: optional(boolean),
  },
  allowedIn: ANY_STATE,
  run: async (call, input, key) => {
    assertPolicyName(input.PolicyName);
    await assertKeyPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck, key.value);
    await call.updateKey(key, { ...key.value, policy: input.Policy });
    return {};
  },
});
