/** Where the directory's records stand. Names are not told apart by case, as in IAM. */

export function accountPlace(accountId: string): string {
  return `${ACCOUNTS}${accountId}`;
}

export function userPlace(accountId: string, name: string): string {
  return `${usersOf(accountId)}${name.toLowerCase()}`;
}

export function rolePlace(accountId: string, name: string): string {
  return `${rolesOf(accountId)}${name.toLowerCase()}`;
}

export function accessKeyPlace(accessKeyId: string): string {
  return `iam/access-key/${accessKeyId}`;
}

/** Where all accounts stand. */
export const ACCOUNTS = "iam/account/";

/** Where an account's users stand. */
export function usersOf(accountId: string): string {
  return `iam/user/${accountId}/`;
}

/** Where an account's roles stand. */
export function rolesOf(accountId: string): string {
  return `iam/role/${accountId}/`;
}
