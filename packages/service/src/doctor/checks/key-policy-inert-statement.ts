/** A statement without an Action or without a Resource: it is taken, and has no effect (API Reference, PutKeyPolicy, "Policy"). */
import type { KeyCheck } from "../check.ts";
import { nameOf } from "../policy-statements.ts";

export const keyPolicyInertStatement: KeyCheck = {
  id: "key-policy-inert-statement",
  severity: "warning",
  look: ({ policy }) =>
    (policy?.statements ?? [])
      .filter(({ action, resource }) => action === undefined || resource === undefined)
      .map((statement) => ({
        meaning:
          `${nameOf(statement)} has no ${statement.action === undefined ? "Action" : "Resource"}, and so has no effect: ` +
          `what it would ${statement.effect === "Allow" ? "allow" : "deny"} it does not.`,
        mend: 'Say what it is about: "Action", and "Resource": "*", which is this key.',
      })),
};
