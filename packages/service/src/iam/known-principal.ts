/** A user or a role by its ARN, as the directory has it. */
import type { Identity } from "../caller.ts";
import { decode } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { permissionsOf } from "./find-access-key.ts";
import { rolePlace, rolesOf, userPlace, usersOf } from "./places.ts";
import type { PrincipalRecord } from "./records.ts";

/** What of an ARN names a user, a role or the role of a session. */
const PRINCIPAL =
  /^arn:[a-z-]+:(?:iam::([0-9]{12}):(user|role)(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]{1,64})|sts::([0-9]{12}):assumed-role\/([\w+=,.@-]{1,64})\/[^/]+)$/;

export interface KnownPrincipal {
  readonly identity: Identity;
  /** Of its identity policies, in their order. */
  readonly policyNames: readonly string[];
}

/** `undefined` if the directory has no such user or role; a session is what its role is. */
export async function knownPrincipal(runtime: Runtime, arn: string): Promise<KnownPrincipal | undefined> {
  const [, account, kind, path, name, accountOfSession, roleOfSession] = PRINCIPAL.exec(arn) ?? [];
  const place =
    accountOfSession !== undefined
      ? rolePlace(accountOfSession, roleOfSession ?? "")
      : kind === "role"
        ? rolePlace(account ?? "", name ?? "")
        : userPlace(account ?? "", name ?? "");
  if (account === undefined && accountOfSession === undefined) return undefined;
  const record = await runtime.database.records.get(place);
  if (record === undefined) return undefined;
  const { value } = decode<PrincipalRecord>(record);
  // The place does not tell case apart, nor has it the path.
  if (value.name !== (name ?? roleOfSession) || (path !== undefined && value.path !== path)) return undefined;
  const own =
    kind === "user"
      ? { principalId: value.id, userName: value.name }
      : { roleArn: `${arn.split(":", 2).join(":")}:iam::${value.accountId}:role${value.path}${value.name}` };
  return { identity: { ...permissionsOf(value), ...own }, policyNames: Object.keys(value.policies) };
}

/** Whether the directory holds an account: it has users or roles, and so knows who is there and who is not. */
export async function holdsAccount(runtime: Runtime, accountId: string): Promise<boolean> {
  for (const prefix of [usersOf(accountId), rolesOf(accountId)]) {
    // Names begin with a character above "!" and below "~".
    const range = { start: `${prefix}"`, end: `${prefix}~`, limit: 1 };
    if ((await runtime.database.records.list(range)).length > 0) return true;
  }
  return false;
}
