/** Who makes a request. */

/** The root user of an account. */
export interface RootCaller {
  readonly type: "Root";
  readonly accountId: string;
  readonly arn: string;
}

export interface UserCaller {
  readonly type: "User";
  readonly accountId: string;
  /** `arn:aws:iam::<account>:user/<path and name>` */
  readonly arn: string;
}

export interface FederatedUserCaller {
  readonly type: "FederatedUser";
  readonly accountId: string;
  /** `arn:aws:sts::<account>:federated-user/<name>` */
  readonly arn: string;
}

/** A session of a role. */
export interface AssumedRoleCaller {
  readonly type: "AssumedRole";
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role name>/<session name>` */
  readonly arn: string;
  /** `arn:aws:iam::<account>:role/<path and name>` */
  readonly roleArn: string;
}

/** A service of AWS in its own name. */
export interface ServiceCaller {
  readonly type: "Service";
  /** Such as `s3.amazonaws.com`. */
  readonly service: string;
}

/** Somebody who did not sign. */
export interface AnonymousCaller {
  readonly type: "Anonymous";
}

export type Caller =
  | RootCaller
  | UserCaller
  | FederatedUserCaller
  | AssumedRoleCaller
  | ServiceCaller
  | AnonymousCaller;

const ARN = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(root|user|assumed-role|federated-user)(?:\/.+)?$/;

/**
 * The caller that an ARN names: a root user, a user, a session of a role, or a federated user; `undefined` if it names none.
 *
 * The ARN of a session does not have the path of its role. Whoever knows it gives the role's ARN too.
 */
export function callerOfArn(arn: string, roleArn?: string): Caller | undefined {
  const [, accountId, kind] = ARN.exec(arn) ?? [];
  if (accountId === undefined) return undefined;
  if (kind === "root") return { type: "Root", accountId, arn };
  if (kind === "user") return { type: "User", accountId, arn };
  if (kind === "federated-user") return { type: "FederatedUser", accountId, arn };
  const role = arn.replace(":sts:", ":iam:").replace(/:assumed-role\/([^/]+).*$/, ":role/$1");
  return { type: "AssumedRole", accountId, arn, roleArn: roleArn ?? role };
}
