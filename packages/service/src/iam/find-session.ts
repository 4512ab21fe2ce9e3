/** Who temporary credentials belong to: the session that their token carries, with what its role may do now. */
import type { Directory } from "./directory.ts";
import { type FoundAccessKey, permissionsOf } from "./find-access-key.ts";
import { rolePlace } from "./places.ts";
import { principalArn } from "./principals.ts";
import type { RoleRecord } from "./records.ts";
import type { SessionTokens } from "./session-tokens.ts";

/** `undefined` if the token is none of ours, belongs to another access key, or its role is no more. */
export async function findSession(
  directory: Directory,
  tokens: SessionTokens,
  accessKeyId: string,
  sessionToken: string,
): Promise<FoundAccessKey | undefined> {
  const session = tokens.open(sessionToken);
  if (session === undefined || session.accessKeyId !== accessKeyId) return undefined;
  const { accountId, roleName, roleId, sessionName, secretAccessKey, expiresAt, issuedAt } = session;
  const role = await directory.recall<RoleRecord>(rolePlace(accountId, roleName));
  if (role === undefined || role.id !== roleId) return undefined;
  const permissions = permissionsOf(role);
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiresAt,
    accountId,
    principal: sessionArn(directory, role, sessionName),
    identity: {
      ...permissions,
      principalId: `${roleId}:${sessionName}`,
      roleArn: principalArn(directory, "role", role),
      accessKeyId,
      sessionName,
      issuedAt,
      // A session's tag takes the place of its role's, whatever the case of their keys.
      tags: withTags(permissions.tags ?? {}, session.tags),
      transitiveTagKeys: session.transitiveTagKeys,
      ...(session.policy === undefined ? {} : { sessionPolicies: [session.policy] }),
      ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
    },
  };
}

/** `arn:aws:sts::<account>:assumed-role/<role name>/<session name>`: without the role's path. */
export function sessionArn(
  { partition }: Directory,
  { accountId, name }: Pick<RoleRecord, "accountId" | "name">,
  sessionName: string,
): string {
  return `arn:${partition}:sts::${accountId}:assumed-role/${name}/${sessionName}`;
}

function withTags(
  former: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = new Set(Object.keys(added).map((key) => key.toLowerCase()));
  const kept = Object.entries(former).filter(([key]) => !replaced.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...added };
}
