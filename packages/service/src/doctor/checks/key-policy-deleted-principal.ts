/**
 * A policy that names somebody who is not there: by the unique id that AWS writes in place of a deleted user's or role's ARN, or by an ARN
 * that the directory does not have.
 */
import type { KeyCheck } from "../check.ts";
import { nameOf } from "../policy-statements.ts";

const UNIQUE_ID = /^(?:AIDA|AROA)[A-Z0-9]+$/;
const MEND =
  "Name those that took their place, or remove them: a new principal of the same name is another one.";

export const keyPolicyDeletedPrincipal: KeyCheck = {
  id: "key-policy-deleted-principal",
  severity: "warning",
  look: ({ policy, unknownPrincipals }) => [
    ...(policy?.statements ?? []).flatMap((statement) => {
      const deleted = statement.principal?.aws.filter((name) => UNIQUE_ID.test(name)) ?? [];
      if (deleted.length === 0) return [];
      const meaning = `${nameOf(statement)} names principals that were deleted: ${deleted.join(", ")}.`;
      return [{ meaning, mend: MEND }];
    }),
    ...unknownPrincipals.map(({ place, arn }) => ({
      meaning: `${place} of the key policy names ${arn}, who is not in the directory.`,
      mend: MEND,
    })),
  ],
};
