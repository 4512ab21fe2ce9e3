/** Users: made, listed, deleted. */
import { encode } from "../database/records.ts";
import { together } from "../mutations.ts";
import { IamError } from "./iam-error.ts";
import { pathIn, type Tag, tagsIn } from "./input.ts";
import { usersOf } from "./places.ts";
import { boundaryIn } from "./policy-documents.ts";
import { existing, placeOf, principalArn, principalNameIn, type Scope } from "./principals.ts";
import type { UserRecord } from "./records.ts";
import { uniqueId } from "./unique-ids.ts";

/** IAM's default quota. */
const MAXIMUM_USERS = 5_000;

export interface User {
  readonly UserName: string;
  readonly Path: string;
  readonly UserId: string;
  readonly Arn: string;
  readonly CreateDate: Date;
  /** A policy document: KMSLite has no managed policies that it could name. */
  readonly PermissionsBoundary?: string;
  readonly Tags: readonly Tag[];
}

export interface CreateUserRequest {
  /** 1 to 64 characters. */
  readonly UserName: string;
  readonly Path?: string;
  /** A policy document. */
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

/** @throws {IamError} EntityAlreadyExists; LimitExceeded; ValidationError; MalformedPolicyDocument */
export async function createUser(scope: Scope, request: CreateUserRequest): Promise<User> {
  const { directory, accountId } = scope;
  const name = principalNameIn("user", request.UserName);
  const place = placeOf("user", accountId, name);
  const user: UserRecord = {
    accountId,
    name,
    path: pathIn(request.Path),
    id: uniqueId(directory.runtime.database.cryptography, "AIDA"),
    createdAt: directory.runtime.clock(),
    tags: tagsIn(request.Tags),
    policies: {},
    ...(request.PermissionsBoundary === undefined
      ? {}
      : { boundary: boundaryIn(request.PermissionsBoundary) }),
    accessKeys: [],
  };
  return directory.change(async () => {
    if ((await directory.read(place)) !== undefined)
      throw new IamError("EntityAlreadyExists", `User with name ${name} already exists.`);
    const others = await directory.list<UserRecord>(usersOf(accountId));
    if (others.length >= MAXIMUM_USERS)
      throw new IamError("LimitExceeded", `Cannot exceed quota for UsersPerAccount: ${MAXIMUM_USERS}`);
    const account = await directory.accountMutation(accountId);
    const mutation = together(account, { inserts: [{ key: place, payload: encode(user) }] });
    return { mutation, result: userOf(scope, user) };
  });
}

/** @throws {IamError} NoSuchEntity */
export async function getUser(scope: Scope, name: unknown): Promise<User> {
  return userOf(scope, (await existing(scope, "user", name)).value);
}

/** All of the account's, by name. */
export async function listUsers(scope: Scope): Promise<User[]> {
  const users = await scope.directory.list<UserRecord>(usersOf(scope.accountId));
  return users.map((user) => userOf(scope, user));
}

/** @throws {IamError} NoSuchEntity; DeleteConflict while it has access keys or policies */
export async function deleteUser(scope: Scope, name: unknown): Promise<void> {
  await scope.directory.change(async () => {
    const { record, value } = await existing(scope, "user", name);
    if (value.accessKeys.length > 0)
      throw new IamError("DeleteConflict", "Cannot delete entity, must delete access keys first.");
    if (Object.keys(value.policies).length > 0)
      throw new IamError("DeleteConflict", "Cannot delete entity, must delete policies first.");
    return { mutation: { removals: [record] }, result: undefined };
  });
}

function userOf({ directory }: Scope, user: UserRecord): User {
  return {
    UserName: user.name,
    Path: user.path,
    UserId: user.id,
    Arn: principalArn(directory, "user", user),
    CreateDate: new Date(user.createdAt),
    ...(user.boundary === undefined ? {} : { PermissionsBoundary: user.boundary }),
    Tags: user.tags.map(({ key, value }) => ({ Key: key, Value: value })),
  };
}
