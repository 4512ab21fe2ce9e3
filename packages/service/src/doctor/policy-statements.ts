/** What the checks of key policies ask about their statements. */
import { type Caller, callerOfArn, leavesAWay, type PolicyDocument, type Statement } from "@kmslite/policy";
import { partitionOf } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import type { Patient } from "./check.ts";

/** ARN of the root user of the key's account, by which policies name the account. */
export function accountRootOf({ accountId, region }: Pick<KeyRecord, "accountId" | "region">): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:root`;
}

/** Whether a caller can give the key another policy, as far as this one tells. */
export function canChangePolicy({ policy, arn }: Patient, caller: Caller): boolean {
  if (policy === undefined) return false;
  return leavesAWay(policy, { caller, action: "kms:PutKeyPolicy", resource: arn });
}

/** Everyone whom the policy names and who has an ARN: a role stands for its sessions. */
export function namedCallers({ statements }: PolicyDocument): Caller[] {
  const named = statements.flatMap(({ principal }) => (principal?.negated === false ? principal.aws : []));
  return [...new Set(named)].flatMap((arn) => {
    const role = /^(arn:[a-z-]+):iam::([0-9]{12}):role\/(?:.+\/)?([^/]+)$/.exec(arn);
    const session = role === null ? arn : `${role[1]}:sts::${role[2]}:assumed-role/${role[3]}/any`;
    return callerOfArn(session, role === null ? undefined : arn) ?? [];
  });
}

/** How a statement is called in a finding. */
export function nameOf({ place, sid }: Statement): string {
  return sid === undefined ? `${place} of the key policy` : `${place} (${sid}) of the key policy`;
}

/** The actions of a statement as it names them. */
export function actionsOf({ action }: Statement): string {
  const listed = action?.patterns.map(({ source }) => source).join(", ") ?? "";
  return action?.negated === true ? `all but ${listed}` : listed;
}
