/** A statement that allows all actions to another account, which then may change the key policy, or schedule the key's deletion. */
import type { KeyCheck } from "../check.ts";
import { actionsOf, nameOf } from "../policy-statements.ts";

const ACCOUNT = /^arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):/;

export const keyPolicyForeignWildcard: KeyCheck = {
  id: "key-policy-foreign-wildcard",
  severity: "warning",
  look: ({ policy, key }) =>
    (policy?.statements ?? [])
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) => {
        const { action, principal } = statement;
        const wide = action?.negated === true || action?.patterns.some(({ source }) => /[*?]/.test(source));
        if (wide !== true || principal === undefined || principal.negated) return [];
        const foreign = principal.aws.filter((arn) => {
          const account = ACCOUNT.exec(arn)?.[1];
          return account !== undefined && account !== key.accountId;
        });
        if (foreign.length === 0) return [];
        return [
          {
            meaning: `${nameOf(statement)} allows ${actionsOf(statement)} to another account: ${foreign.join(", ")}.`,
            mend: "List the actions that the other account needs, such as kms:Decrypt and kms:DescribeKey.",
          },
        ];
      }),
};
