/**
 * What the directory keeps: JSON, with times in milliseconds since 1970. A user or role is one record with all that decides what it
 * may do, so that each change is one commit and each lookup one read.
 */
import type { TagRecord } from "../database/records.ts";

/** There from the first user, role or access key of an account on. */
export interface AccountRecord {
  readonly accountId: string;
  readonly createdAt: number;
  /** Of the root user. */
  readonly accessKeys: readonly AccessKeyEntry[];
}

/** What users and roles have in common. */
export interface PrincipalRecord {
  readonly accountId: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** `AIDA…` or `AROA…`; never used again, so that a new user of an old name is another one. */
  readonly id: string;
  readonly createdAt: number;
  readonly tags: readonly TagRecord[];
  /** Identity policies by name: JSON texts. */
  readonly policies: Readonly<Record<string, string>>;
  /** Permissions boundary: a JSON text. */
  readonly boundary?: string;
}

export interface UserRecord extends PrincipalRecord {
  readonly accessKeys: readonly AccessKeyEntry[];
}

export interface RoleRecord extends PrincipalRecord {
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly description?: string;
}

/** An access key among its owner's: it is this that makes it valid. */
export interface AccessKeyEntry {
  readonly accessKeyId: string;
  readonly createdAt: number;
  readonly active: boolean;
}

/** Whose an access key is, and where its secret is. */
export interface AccessKeyRecord {
  readonly accountId: string;
  /** Absent if it is the root user's. */
  readonly userName?: string;
  /** Names the secret among the wrapped ones. */
  readonly secretId: string;
}
