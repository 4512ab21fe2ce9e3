/** The grants that a key's owner gave to a caller, and whether each allows what is asked. */
import type { Caller as PolicyCaller } from "@kmslite/policy";
import { granteesOf, permits, rootOf } from "../authorization/grants.ts";
import { principalOf } from "../authorization/principals.ts";
import type { Question } from "../authorization/question.ts";
import { grantKey } from "../database/keys.ts";
import { decode, type GrantRecord, type KeyRecord } from "../database/records.ts";
import { granteePrefix } from "../grants/grant-id.ts";

export interface ExplainedGrant {
  readonly grantId: string;
  readonly name?: string;
  readonly grantee: string;
  readonly operations: readonly string[];
  readonly allows: boolean;
  /** Why it does not. */
  readonly missed?: string;
}

/** A principal may have thousands of grants on a key; of each grantee so many are told. */
const TOLD = 100;

export async function explainGrants(question: Question, key: KeyRecord): Promise<ExplainedGrant[]> {
  const { caller } = principalOf(question.call.caller);
  const explained: ExplainedGrant[] = [];
  for (const [grantee, as] of granteesWith(caller)) {
    const prefix = grantKey(key.region, key.keyId, granteePrefix(key.keyId, grantee));
    // Ids are hex digits, which "g" follows.
    const range = { start: prefix, end: `${prefix}g`, limit: TOLD };
    for (const record of await question.call.runtime.database.records.list(range))
      explained.push(explainGrant(decode<GrantRecord>(record).value, grantee, as, question));
  }
  return explained;
}

/** The names by which a grant can mean the caller, each with who is asked for: a grant to an account is asked for its root user. */
function granteesWith(caller: PolicyCaller): (readonly [string, PolicyCaller])[] {
  const own = granteesOf(caller).map((grantee) => [grantee, caller] as const);
  if (!("accountId" in caller) || caller.type === "Root") return own;
  const { accountId } = caller;
  const root = { type: "Root", accountId, arn: rootOf(caller.arn, accountId) } as const;
  return [...own, [root.arn, root]];
}

function explainGrant(
  grant: GrantRecord,
  grantee: string,
  caller: PolicyCaller,
  question: Question,
): ExplainedGrant {
  const { grantId, name, operations, constraints } = grant;
  const allows = permits(grant, caller, question);
  const missed = operations.includes(question.action as never)
    ? `its constraints are not met: ${JSON.stringify(constraints ?? {})}`
    : `it does not have the operation ${question.action}`;
  return {
    grantId,
    ...(name === undefined ? {} : { name }),
    grantee,
    operations,
    allows,
    ...(allows ? {} : { missed }),
  };
}
