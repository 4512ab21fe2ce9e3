/** The directory of principals: accounts, users, roles, access keys. */
export type { AccessKeyMetadata, NewAccessKey } from "./access-keys.ts";
export type { AssumedRole } from "./assume-role.ts";
export type { FoundAccessKey } from "./find-access-key.ts";
export type { Iam, Named } from "./iam.ts";
export { IamError, type IamErrorName } from "./iam-error.ts";
export type { Tag } from "./input.ts";
export type { PrincipalDirectory } from "./principal-directory.ts";
export type { CreateRoleRequest, Role } from "./roles.ts";
export type { AssumeRoleRequest } from "./session-request.ts";
export type { CreateUserRequest, User } from "./users.ts";
