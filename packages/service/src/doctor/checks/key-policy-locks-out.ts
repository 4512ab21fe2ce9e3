/** Nobody of the account may change the key policy any more: neither the account nor anybody whom the policy names. */
import { callerOfArn } from "@kmslite/policy";
import type { KeyCheck } from "../check.ts";
import { accountRootOf, canChangePolicy, namedCallers } from "../policy-statements.ts";

export const keyPolicyLocksOut: KeyCheck = {
  id: "key-policy-locks-out",
  severity: "error",
  look: (patient) => {
    const { policy, key } = patient;
    if (policy === undefined) return [];
    const root = callerOfArn(accountRootOf(key));
    const callers = [...(root === undefined ? [] : [root]), ...namedCallers(policy)];
    const own = callers.filter((caller) => "accountId" in caller && caller.accountId === key.accountId);
    if (own.some((caller) => canChangePolicy(patient, caller))) return [];
    return [
      {
        meaning:
          "The key policy lets nobody in the key's account call kms:PutKeyPolicy: it can't be changed any more.",
        mend:
          "Decrypt what is under this key while somebody still may, and encrypt it under a new one. " +
          "Policies put without BypassPolicyLockoutSafetyCheck can't end like this.",
      },
    ];
  },
};
