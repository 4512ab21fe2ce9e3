/** Who an access key belongs to, with all that decides what they may do. */
import type { Identity } from "../caller.ts";
import type { Directory } from "./directory.ts";
import { accessKeyPlace, accountPlace, userPlace } from "./places.ts";
import { principalArn } from "./principals.ts";
import type { AccessKeyRecord, AccountRecord, PrincipalRecord, UserRecord } from "./records.ts";

/** An access key that the directory has. */
export interface FoundAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  /** Of temporary credentials: milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly accountId: string;
  /** ARN. */
  readonly principal: string;
  /** Absent for root users. */
  readonly identity?: Identity;
}

/** Other texts have no place in the store. */
const LONG_TERM = /^AKIA[A-Z2-7]{16}$/;

/** A long-term access key that is active; `undefined` if there is none of this id. */
export async function findAccessKey(
  directory: Directory,
  accessKeyId: string,
): Promise<FoundAccessKey | undefined> {
  if (!LONG_TERM.test(accessKeyId)) return undefined;
  const key = await directory.recall<AccessKeyRecord>(accessKeyPlace(accessKeyId));
  if (key === undefined) return undefined;
  const { accountId, userName, secretId } = key;
  const place = userName === undefined ? accountPlace(accountId) : userPlace(accountId, userName);
  const owner = await directory.recall<UserRecord | AccountRecord>(place);
  const entry = owner?.accessKeys.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (owner === undefined || entry?.active !== true) return undefined;
  const secretAccessKey = await directory.secrets.read(accountId, accessKeyId, secretId);
  if (secretAccessKey === undefined) return undefined;
  const found = { accessKeyId, secretAccessKey, accountId };
  if (!("name" in owner)) return { ...found, principal: `arn:${directory.partition}:iam::${accountId}:root` };
  return {
    ...found,
    principal: principalArn(directory, "user", owner),
    identity: { ...permissionsOf(owner), principalId: owner.id, userName: owner.name, accessKeyId },
  };
}

/** What of an identity the record of a user or role says. */
export function permissionsOf({
  policies,
  boundary,
  tags,
}: PrincipalRecord): Pick<Identity, "policies" | "boundary" | "tags"> {
  return {
    policies: Object.values(policies),
    ...(boundary === undefined ? {} : { boundary }),
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  };
}
