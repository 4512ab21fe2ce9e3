/** A statement that allows something to everyone in the world, without a condition. */
import type { KeyCheck } from "../check.ts";
import { actionsOf, nameOf } from "../policy-statements.ts";

export const keyPolicyEveryone: KeyCheck = {
  id: "key-policy-everyone",
  severity: "error",
  look: ({ policy }) =>
    (policy?.statements ?? [])
      .filter(
        ({ effect, principal, conditions, action }) =>
          effect === "Allow" &&
          action !== undefined &&
          conditions.length === 0 &&
          // Whoever is not named is everyone else.
          (principal?.everyone === true) !== (principal?.negated === true),
      )
      .map((statement) => ({
        meaning: `${nameOf(statement)} allows ${actionsOf(statement)} to everyone, in every account, without a condition.`,
        mend: "Name the principals, or add a condition such as StringEquals kms:CallerAccount.",
      })),
};
