/** Long-term access keys of users, and of an account's root user where no user is named. */
import { encode, type Row } from "../database/records.ts";
import { together } from "../mutations.ts";
import { encodeEntity } from "./directory.ts";
import { IamError, invalid } from "./iam-error.ts";
import { accessKeyPlace, accountPlace } from "./places.ts";
import { existing, type Scope } from "./principals.ts";
import type { AccessKeyEntry, AccessKeyRecord, AccountRecord, UserRecord } from "./records.ts";
import { newSecretAccessKey, uniqueId } from "./unique-ids.ts";

/** IAM's quota. */
const MAXIMUM_ACCESS_KEYS = 2;

export interface AccessKeyMetadata {
  /** Absent for the root user. */
  readonly UserName?: string;
  readonly AccessKeyId: string;
  readonly Status: "Active" | "Inactive";
  readonly CreateDate: Date;
}

/** An access key as it is shown once, when it is made. */
export interface NewAccessKey extends AccessKeyMetadata {
  readonly SecretAccessKey: string;
}

/** @throws {IamError} NoSuchEntity; LimitExceeded */
export async function createAccessKey(scope: Scope, userName: string | undefined): Promise<NewAccessKey> {
  const { directory, accountId } = scope;
  const { cryptography } = directory.runtime.database;
  return directory.change(async () => {
    const owner = await ownerOf(scope, userName);
    if (owner.value.accessKeys.length >= MAXIMUM_ACCESS_KEYS)
      throw new IamError(
        "LimitExceeded",
        `Cannot exceed quota for AccessKeysPerUser: ${MAXIMUM_ACCESS_KEYS}`,
      );
    const accessKeyId = uniqueId(cryptography, "AKIA");
    const secretAccessKey = newSecretAccessKey(cryptography);
    const { secretId, mutation } = directory.secrets.keep(accountId, accessKeyId, secretAccessKey);
    const key: AccessKeyRecord = { accountId, secretId, ...(userName === undefined ? {} : { userName }) };
    const entry = { accessKeyId, createdAt: directory.runtime.clock(), active: true };
    return {
      mutation: together(
        mutation,
        { inserts: [{ key: accessKeyPlace(accessKeyId), payload: encode(key) }] },
        owner.replace([...owner.value.accessKeys, entry]),
      ),
      result: { ...metadataOf(entry, userName), SecretAccessKey: secretAccessKey },
    };
  });
}

/** @throws {IamError} NoSuchEntity */
export async function listAccessKeys(
  scope: Scope,
  userName: string | undefined,
): Promise<AccessKeyMetadata[]> {
  const { value } = await ownerOf(scope, userName);
  return value.accessKeys.map((entry) => metadataOf(entry, userName));
}

/** @throws {IamError} NoSuchEntity; ValidationError */
export async function updateAccessKey(
  scope: Scope,
  userName: string | undefined,
  accessKeyId: string,
  status: "Active" | "Inactive",
): Promise<void> {
  if (status !== "Active" && status !== "Inactive") throw invalid("Status: expected Active or Inactive");
  await scope.directory.change(async () => {
    const owner = await ownerOf(scope, userName);
    const { accessKeys } = owner.value;
    assertHas(accessKeys, accessKeyId);
    const changed = accessKeys.map((entry) =>
      entry.accessKeyId === accessKeyId ? { ...entry, active: status === "Active" } : entry,
    );
    return { mutation: owner.replace(changed), result: undefined };
  });
}

/** The key works no more: at once in this process, within `keyCacheMs` in others. @throws {IamError} NoSuchEntity */
export async function deleteAccessKey(
  scope: Scope,
  userName: string | undefined,
  accessKeyId: string,
): Promise<void> {
  const { directory, accountId } = scope;
  await directory.change(async () => {
    const owner = await ownerOf(scope, userName);
    const { accessKeys } = owner.value;
    assertHas(accessKeys, accessKeyId);
    const key = await directory.read<AccessKeyRecord>(accessKeyPlace(accessKeyId));
    const rest = accessKeys.filter((entry) => entry.accessKeyId !== accessKeyId);
    const gone =
      key === undefined
        ? {}
        : together(
            { removals: [key.record] },
            await directory.secrets.drop(accountId, accessKeyId, key.value.secretId),
          );
    return { mutation: together(gone, owner.replace(rest)), result: undefined };
  });
  directory.secrets.forget(accessKeyId);
}

interface Owner {
  readonly value: { readonly accessKeys: readonly AccessKeyEntry[] };
  /** The mutation that gives it other access keys. */
  replace(accessKeys: readonly AccessKeyEntry[]): ReturnType<typeof together>;
}

async function ownerOf(scope: Scope, userName: string | undefined): Promise<Owner> {
  if (userName !== undefined) return owner<UserRecord>(await existing(scope, "user", userName));
  const { directory, accountId } = scope;
  const place = accountPlace(accountId);
  const row = await directory.read<AccountRecord>(place);
  if (row !== undefined) return owner(row);
  const account: AccountRecord = { accountId, createdAt: directory.runtime.clock(), accessKeys: [] };
  return {
    value: account,
    replace: (accessKeys) => ({ inserts: [{ key: place, payload: encode({ ...account, accessKeys }) }] }),
  };
}

function owner<Value extends UserRecord | AccountRecord>({ record, value }: Row<Value>): Owner {
  return {
    value,
    replace: (accessKeys) => ({ updates: [{ record, payload: encodeEntity({ ...value, accessKeys }) }] }),
  };
}

function assertHas(accessKeys: readonly AccessKeyEntry[], accessKeyId: string): void {
  if (accessKeys.some((entry) => entry.accessKeyId === accessKeyId)) return;
  throw new IamError("NoSuchEntity", `The Access Key with id ${accessKeyId} cannot be found.`);
}

function metadataOf(
  { accessKeyId, createdAt, active }: AccessKeyEntry,
  userName: string | undefined,
): AccessKeyMetadata {
  return {
    ...(userName === undefined ? {} : { UserName: userName }),
    AccessKeyId: accessKeyId,
    Status: active ? "Active" : "Inactive",
    CreateDate: new Date(createdAt),
  };
}
