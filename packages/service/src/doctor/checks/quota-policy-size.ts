/** Size of the key policy. */
import { MAXIMUM_POLICY_BYTES } from "../../policies/policy-document.ts";
import type { KeyCheck } from "../check.ts";
import { nearly } from "../near.ts";

export const quotaPolicySize: KeyCheck = {
  id: "quota-policy-size",
  severity: "warning",
  look: ({ policyText }) =>
    nearly(
      "Bytes of the key policy",
      new TextEncoder().encode(policyText).length,
      MAXIMUM_POLICY_BYTES,
      "Leave access to identity policies or grants, or join statements.",
    ),
};
