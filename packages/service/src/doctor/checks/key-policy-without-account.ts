/** The key policy does not leave the key to the account: identity policies count for nothing, and the root user can't help. */
import { callerOfArn } from "@kmslite/policy";
import type { KeyCheck } from "../check.ts";
import { accountRootOf, canChangePolicy, namedCallers } from "../policy-statements.ts";

export const keyPolicyWithoutAccount: KeyCheck = {
  id: "key-policy-without-account",
  severity: "warning",
  look: (patient) => {
    const { policy, key } = patient;
    const root = callerOfArn(accountRootOf(key));
    if (policy === undefined || root === undefined || canChangePolicy(patient, root)) return [];
    // Without anybody at all it is worse, and another check says so.
    const others = namedCallers(policy).filter(
      (caller) => "accountId" in caller && caller.accountId === key.accountId,
    );
    if (!others.some((caller) => canChangePolicy(patient, caller))) return [];
    return [
      {
        meaning:
          "The key policy does not delegate to the account: identity policies give no access to this key, and when the " +
          "principals that it names are gone, nobody can change it.",
        mend: `Add a statement that allows kms:* to ${accountRootOf(key)}.`,
      },
    ];
  },
};
