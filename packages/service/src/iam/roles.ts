/** Roles: made, listed, changed, deleted. */
import { encode } from "../database/records.ts";
import { together } from "../mutations.ts";
import { IamError } from "./iam-error.ts";
import { pathIn, type Tag, tagsIn, textIn, wholeNumberIn } from "./input.ts";
import { rolesOf } from "./places.ts";
import { boundaryIn, trustPolicyIn } from "./policy-documents.ts";
import { edit, existing, placeOf, principalArn, principalNameIn, type Scope } from "./principals.ts";
import type { RoleRecord } from "./records.ts";
import { uniqueId } from "./unique-ids.ts";

/** IAM's default quota. */
const MAXIMUM_ROLES = 1_000;
/** Seconds: one hour, unless the role says otherwise, and up to twelve. */
const SHORTEST_MAXIMUM = 3_600;
const LONGEST_MAXIMUM = 43_200;

export interface Role {
  readonly RoleName: string;
  readonly Path: string;
  readonly RoleId: string;
  readonly Arn: string;
  readonly CreateDate: Date;
  readonly AssumeRolePolicyDocument: string;
  /** Seconds. */
  readonly MaxSessionDuration: number;
  readonly Description?: string;
  /** A policy document. */
  readonly PermissionsBoundary?: string;
  readonly Tags: readonly Tag[];
}

export interface CreateRoleRequest {
  /** 1 to 64 characters. */
  readonly RoleName: string;
  readonly Path?: string;
  /** The trust policy: who may assume the role. */
  readonly AssumeRolePolicyDocument: string;
  /** Seconds, 3,600 to 43,200; 3,600 unless given. */
  readonly MaxSessionDuration?: number;
  readonly Description?: string;
  /** A policy document. */
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly Tag[];
}

/** @throws {IamError} EntityAlreadyExists; LimitExceeded; ValidationError; MalformedPolicyDocument */
export async function createRole(scope: Scope, request: CreateRoleRequest): Promise<Role> {
  const { directory, accountId } = scope;
  const name = principalNameIn("role", request.RoleName);
  const place = placeOf("role", accountId, name);
  const role: RoleRecord = {
    accountId,
    name,
    path: pathIn(request.Path),
    id: uniqueId(directory.runtime.database.cryptography, "AROA"),
    createdAt: directory.runtime.clock(),
    tags: tagsIn(request.Tags),
    policies: {},
    ...(request.PermissionsBoundary === undefined
      ? {}
      : { boundary: boundaryIn(request.PermissionsBoundary) }),
    trustPolicy: trustPolicyIn(request.AssumeRolePolicyDocument),
    maxSessionDuration: durationIn(request.MaxSessionDuration ?? SHORTEST_MAXIMUM),
    ...(request.Description === undefined
      ? {}
      : { description: textIn(request.Description, "Description", 1_000) }),
  };
  return directory.change(async () => {
    if ((await directory.read(place)) !== undefined)
      throw new IamError("EntityAlreadyExists", `Role with name ${name} already exists.`);
    const others = await directory.list<RoleRecord>(rolesOf(accountId));
    if (others.length >= MAXIMUM_ROLES)
      throw new IamError("LimitExceeded", `Cannot exceed quota for RolesPerAccount: ${MAXIMUM_ROLES}`);
    const account = await directory.accountMutation(accountId);
    const mutation = together(account, { inserts: [{ key: place, payload: encode(role) }] });
    return { mutation, result: roleOf(scope, role) };
  });
}

/** @throws {IamError} NoSuchEntity */
export async function getRole(scope: Scope, name: unknown): Promise<Role> {
  return roleOf(scope, (await existing(scope, "role", name)).value);
}

/** All of the account's, by name. */
export async function listRoles(scope: Scope): Promise<Role[]> {
  const roles = await scope.directory.list<RoleRecord>(rolesOf(scope.accountId));
  return roles.map((role) => roleOf(scope, role));
}

/** @throws {IamError} NoSuchEntity; ValidationError; MalformedPolicyDocument; LimitExceeded */
export async function updateRole(
  scope: Scope,
  name: unknown,
  changes: { readonly trustPolicy?: string | undefined; readonly maxSessionDuration?: number | undefined },
): Promise<void> {
  const changed = {
    ...(changes.trustPolicy === undefined ? {} : { trustPolicy: trustPolicyIn(changes.trustPolicy) }),
    ...(changes.maxSessionDuration === undefined
      ? {}
      : { maxSessionDuration: durationIn(changes.maxSessionDuration) }),
  };
  await edit(scope, "role", name, (role) => ({ ...role, ...changed }));
}

/** Its sessions end with it. @throws {IamError} NoSuchEntity; DeleteConflict while it has policies */
export async function deleteRole(scope: Scope, name: unknown): Promise<void> {
  await scope.directory.change(async () => {
    const { record, value } = await existing(scope, "role", name);
    if (Object.keys(value.policies).length > 0)
      throw new IamError("DeleteConflict", "Cannot delete entity, must delete policies first.");
    return { mutation: { removals: [record] }, result: undefined };
  });
}

function durationIn(value: unknown): number {
  return wholeNumberIn(value, "MaxSessionDuration", SHORTEST_MAXIMUM, LONGEST_MAXIMUM);
}

function roleOf({ directory }: Scope, role: RoleRecord): Role {
  return {
    RoleName: role.name,
    Path: role.path,
    RoleId: role.id,
    Arn: principalArn(directory, "role", role),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: role.trustPolicy,
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...(role.boundary === undefined ? {} : { PermissionsBoundary: role.boundary }),
    Tags: role.tags.map(({ key, value }) => ({ Key: key, Value: value })),
  };
}
