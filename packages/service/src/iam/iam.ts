/**
 * The directory as an account has it, with IAM's names and errors. Whoever holds it acts as the operator: nobody is asked for
 * permission.
 */
import {
  type AccessKeyMetadata,
  createAccessKey,
  deleteAccessKey,
  listAccessKeys,
  type NewAccessKey,
  updateAccessKey,
} from "./access-keys.ts";
import type { Directory } from "./directory.ts";
import { accountIn, type Tag } from "./input.ts";
import { ACCOUNTS } from "./places.ts";
import {
  addTags,
  deletePolicy,
  getPolicy,
  type Kind,
  listPolicies,
  putPolicy,
  removeTags,
  type Scope,
  setBoundary,
} from "./principals.ts";
import type { AccountRecord } from "./records.ts";
import {
  type CreateRoleRequest,
  createRole,
  deleteRole,
  getRole,
  listRoles,
  type Role,
  updateRole,
} from "./roles.ts";
import { type CreateUserRequest, createUser, deleteUser, getUser, listUsers, type User } from "./users.ts";

/** Names a user or a role. */
export type Named = { readonly UserName: string } | { readonly RoleName: string };

export class Iam {
  readonly account: string;
  readonly #scope: Scope;

  /** @throws {IamError} ValidationError unless `accountId` is 12 digits */
  constructor(directory: Directory, accountId: string) {
    this.account = accountIn(accountId);
    this.#scope = { directory, accountId };
  }

  /** Every account of the store that has or had a user, a role or an access key of its root user. */
  async listAccounts(): Promise<{ readonly Accounts: { readonly Id: string; readonly CreateDate: Date }[] }> {
    const accounts = await this.#scope.directory.list<AccountRecord>(ACCOUNTS);
    return {
      Accounts: accounts.map(({ accountId, createdAt }) => ({
        Id: accountId,
        CreateDate: new Date(createdAt),
      })),
    };
  }

  async createUser(request: CreateUserRequest): Promise<{ readonly User: User }> {
    return { User: await createUser(this.#scope, request) };
  }

  async getUser({ UserName }: { readonly UserName: string }): Promise<{ readonly User: User }> {
    return { User: await getUser(this.#scope, UserName) };
  }

  async listUsers(): Promise<{ readonly Users: User[] }> {
    return { Users: await listUsers(this.#scope) };
  }

  async deleteUser({ UserName }: { readonly UserName: string }): Promise<void> {
    await deleteUser(this.#scope, UserName);
  }

  async createRole(request: CreateRoleRequest): Promise<{ readonly Role: Role }> {
    return { Role: await createRole(this.#scope, request) };
  }

  async getRole({ RoleName }: { readonly RoleName: string }): Promise<{ readonly Role: Role }> {
    return { Role: await getRole(this.#scope, RoleName) };
  }

  async listRoles(): Promise<{ readonly Roles: Role[] }> {
    return { Roles: await listRoles(this.#scope) };
  }

  /** Changes the longest duration of sessions: 3,600 to 43,200 seconds. */
  async updateRole(request: {
    readonly RoleName: string;
    readonly MaxSessionDuration: number;
  }): Promise<void> {
    await updateRole(this.#scope, request.RoleName, { maxSessionDuration: request.MaxSessionDuration });
  }

  async updateAssumeRolePolicy(request: {
    readonly RoleName: string;
    readonly PolicyDocument: string;
  }): Promise<void> {
    await updateRole(this.#scope, request.RoleName, { trustPolicy: request.PolicyDocument });
  }

  async deleteRole({ RoleName }: { readonly RoleName: string }): Promise<void> {
    await deleteRole(this.#scope, RoleName);
  }

  /** Gives a user or role an identity policy, or replaces the one of that name. */
  async putPolicy(
    request: Named & { readonly PolicyName: string; readonly PolicyDocument: string },
  ): Promise<void> {
    const { kind, name } = named(request);
    await putPolicy(this.#scope, kind, {
      name,
      policyName: request.PolicyName,
      document: request.PolicyDocument,
    });
  }

  async getPolicy(
    request: Named & { readonly PolicyName: string },
  ): Promise<{ readonly PolicyName: string; readonly PolicyDocument: string }> {
    const { kind, name } = named(request);
    return getPolicy(this.#scope, kind, { name, policyName: request.PolicyName });
  }

  async listPolicies(request: Named): Promise<{ readonly PolicyNames: string[] }> {
    const { kind, name } = named(request);
    return listPolicies(this.#scope, kind, name);
  }

  async deletePolicy(request: Named & { readonly PolicyName: string }): Promise<void> {
    const { kind, name } = named(request);
    await deletePolicy(this.#scope, kind, { name, policyName: request.PolicyName });
  }

  /** @param request the boundary is a policy document, since there are no managed policies that it could name */
  async putPermissionsBoundary(request: Named & { readonly PermissionsBoundary: string }): Promise<void> {
    const { kind, name } = named(request);
    await setBoundary(this.#scope, kind, name, request.PermissionsBoundary);
  }

  async deletePermissionsBoundary(request: Named): Promise<void> {
    const { kind, name } = named(request);
    await setBoundary(this.#scope, kind, name, undefined);
  }

  async tag(request: Named & { readonly Tags: readonly Tag[] }): Promise<void> {
    const { kind, name } = named(request);
    await addTags(this.#scope, kind, name, request.Tags);
  }

  async untag(request: Named & { readonly TagKeys: readonly string[] }): Promise<void> {
    const { kind, name } = named(request);
    await removeTags(this.#scope, kind, name, request.TagKeys);
  }

  /** The secret is in the answer, and never shown again. Without a user, the key is the root user's. */
  async createAccessKey(
    request: { readonly UserName?: string } = {},
  ): Promise<{ readonly AccessKey: NewAccessKey }> {
    return { AccessKey: await createAccessKey(this.#scope, request.UserName) };
  }

  async listAccessKeys(
    request: { readonly UserName?: string } = {},
  ): Promise<{ readonly AccessKeyMetadata: AccessKeyMetadata[] }> {
    return { AccessKeyMetadata: await listAccessKeys(this.#scope, request.UserName) };
  }

  async updateAccessKey(request: {
    readonly UserName?: string;
    readonly AccessKeyId: string;
    readonly Status: "Active" | "Inactive";
  }): Promise<void> {
    await updateAccessKey(this.#scope, request.UserName, request.AccessKeyId, request.Status);
  }

  async deleteAccessKey(request: {
    readonly UserName?: string;
    readonly AccessKeyId: string;
  }): Promise<void> {
    await deleteAccessKey(this.#scope, request.UserName, request.AccessKeyId);
  }
}

function named(request: Named): { readonly kind: Kind; readonly name: string } {
  if ("RoleName" in request) return { kind: "role", name: request.RoleName };
  return { kind: "user", name: request.UserName };
}
