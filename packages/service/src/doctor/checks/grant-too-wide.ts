/**
 * A grant that gives more than a use of the key: every operation that the key has, or CreateGrant to another account, which then
 * may pass it on. Policies have wildcards for that; grants have none, and list all.
 */
import type { GrantRecord, KeyRecord } from "../../database/records.ts";
import { type GrantOperation, operationsOf } from "../../grants/grant-operations.ts";
import { accountOfPrincipal } from "../../grants/grant-principals.ts";
import type { KeyCheck, Symptom } from "../check.ts";

export const grantTooWide: KeyCheck = {
  id: "grant-too-wide",
  severity: "warning",
  look: ({ grants, key }) => {
    const possible = operationsOf(key);
    const symptoms = grants.flatMap((grant) => widthOf(grant, key, possible));
    const more = symptoms.length - TOLD;
    if (more <= 0) return symptoms;
    return [
      ...symptoms.slice(0, TOLD),
      { meaning: `${more} more grants of the key are like these.`, mend: MEND },
    ];
  },
};

/** A key may have thousands of grants, all made alike. */
const TOLD = 10;

const MEND = "Make a grant with the operations that the grantee needs, and revoke this one.";

function widthOf(
  { grantId, operations, constraints, granteePrincipal, granteeServicePrincipal }: GrantRecord,
  key: KeyRecord,
  possible: readonly GrantOperation[],
): Symptom[] {
  const grantee = granteePrincipal ?? granteeServicePrincipal ?? "";
  const account = accountOfPrincipal(grantee);
  const foreign = account !== undefined && account !== key.accountId;
  if (possible.every((operation) => operations.includes(operation)))
    return [
      { meaning: `The grant ${grantId} gives ${grantee} every operation that this key has.`, mend: MEND },
    ];
  if (!foreign || !operations.includes("CreateGrant") || constraints !== undefined) return [];
  return [
    {
      meaning: `The grant ${grantId} gives ${grantee} of another account CreateGrant: it may pass the grant on to anybody.`,
      mend: "Make a grant without CreateGrant, or with a constraint on the encryption context, and revoke this one.",
    },
  ];
}
