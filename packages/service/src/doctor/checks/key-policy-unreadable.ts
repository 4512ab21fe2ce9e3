/** A key policy that can't be read allows nothing to anybody. */
import type { KeyCheck } from "../check.ts";

export const keyPolicyUnreadable: KeyCheck = {
  id: "key-policy-unreadable",
  severity: "error",
  look: ({ policyError }) =>
    policyError === undefined
      ? []
      : [
          {
            meaning: `The key policy can't be read, and so allows nothing: ${policyError}`,
            mend: "Put a key policy that is valid.",
          },
        ],
};
