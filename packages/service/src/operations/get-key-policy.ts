import { defaultKeyPolicy } from "../default-key-policy.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { assertPolicyName, POLICY_NAME, policyName } from "../policies/policy-name.ts";
import { keyId } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface GetKeyPolicyRequest {
  KeyId: string | undefined;
  PolicyName?: string | undefined;
}

export interface GetKeyPolicyResponse {
  Policy?: string | undefined;
  PolicyName?: string | undefined;
}

/** Tells a key's policy: as it was given, or the default one. */
export const getKeyPolicy: Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> = keyOperation(
  "GetKeyPolicy",
  {
    input: { KeyId: required(keyId), PolicyName: optional(policyName) },
    allowedIn: ANY_STATE,
    run: async (_call, input, { value: key }) => {
      assertPolicyName(input.PolicyName);
      return { Policy: key.policy ?? defaultKeyPolicy(key), PolicyName: POLICY_NAME };
    },
  },
);
