import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type PageResponse, pageOfItems } from "../pagination.ts";
import { POLICY_NAME } from "../policies/policy-name.ts";
import { keyId, limit, marker } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface ListKeyPoliciesRequest {
  KeyId: string | undefined;
  Limit?: number | undefined;
  Marker?: string | undefined;
}

export interface ListKeyPoliciesResponse extends PageResponse {
  PolicyNames?: string[] | undefined;
}

/** Lists the names of a key's policies. There is one. */
export const listKeyPolicies: Operation<ListKeyPoliciesRequest, ListKeyPoliciesResponse> = keyOperation(
  "ListKeyPolicies",
  {
    input: { KeyId: required(keyId), Limit: optional(limit), Marker: optional(marker) },
    allowedIn: ANY_STATE,
    run: async (_call, input, { value: key }) => {
      const { items, page } = pageOfItems(`policies/${key.keyId}`, [POLICY_NAME], (name) => name, input);
      return { PolicyNames: [...items], ...page };
    },
  },
);
