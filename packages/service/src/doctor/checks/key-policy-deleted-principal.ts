/** A policy that names a user or role by its unique id: AWS writes that in place of an ARN when the principal was deleted. */
import type { KeyCheck } from "../check.ts";
import { nameOf } from "../policy-statements.ts";

const UNIQUE_ID = /^(?:AIDA|AROA)[A-Z0-9]+$/;

export const keyPolicyDeletedPrincipal: KeyCheck = {
  id: "key-policy-deleted-principal",
  severity: "warning",
  look: ({ policy }) =>
    (policy?.statements ?? []).flatMap((statement) => {
      const deleted = statement.principal?.aws.filter((name) => UNIQUE_ID.test(name)) ?? [];
      if (deleted.length === 0) return [];
      return [
        {
          meaning: `${nameOf(statement)} names principals that were deleted: ${deleted.join(", ")}.`,
          mend: "Name those that took their place, or remove them: a new principal of the same name is another one.",
        },
      ];
    }),
};
