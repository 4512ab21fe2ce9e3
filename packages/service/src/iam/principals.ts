/** What users and roles have in common: found, changed, named. */
import type { Row } from "../database/records.ts";
import { type Directory, encodeEntity } from "./directory.ts";
import { IamError } from "./iam-error.ts";
import { nameIn, type Tag, tagsIn } from "./input.ts";
import { rolePlace, userPlace } from "./places.ts";
import { boundaryIn, identityPolicyIn, MAXIMUM_POLICIES_SIZE, policySize } from "./policy-documents.ts";
import type { PrincipalRecord, RoleRecord, UserRecord } from "./records.ts";

/** The directory as an account has it. */
export interface Scope {
  readonly directory: Directory;
  readonly accountId: string;
}

/** What a principal is, and the record that it has. */
export interface Records {
  readonly user: UserRecord;
  readonly role: RoleRecord;
}
export type Kind = keyof Records;

const PLACES: Readonly<Record<Kind, (accountId: string, name: string) => string>> = {
  user: userPlace,
  role: rolePlace,
};
const MEMBERS = { user: "UserName", role: "RoleName" } as const;

/** `arn:aws:iam::<account>:user/<path and name>` */
export function principalArn(
  { partition }: Directory,
  kind: Kind,
  { accountId, path, name }: Pick<PrincipalRecord, "accountId" | "path" | "name">,
): string {
  return `arn:${partition}:iam::${accountId}:${kind}${path}${name}`;
}

export function placeOf<K extends Kind>(kind: K, accountId: string, name: string): string {
  return PLACES[kind](accountId, name);
}

/** @throws {IamError} ValidationError */
export function principalNameIn(kind: Kind, name: unknown): string {
  return nameIn(name, MEMBERS[kind], 64);
}

/** @throws {IamError} NoSuchEntity */
export async function existing<K extends Kind>(
  { directory, accountId }: Scope,
  kind: K,
  name: unknown,
): Promise<Row<Records[K]>> {
  const checked = principalNameIn(kind, name);
  const row = await directory.read<Records[K]>(placeOf(kind, accountId, checked));
  if (row?.value.name === checked) return row;
  throw new IamError("NoSuchEntity", `The ${kind} with name ${checked} cannot be found.`);
}

/** Replaces the record of a principal by what `edit` makes of it. */
export async function edit<K extends Kind>(
  scope: Scope,
  kind: K,
  name: unknown,
  make: (record: Records[K]) => Records[K],
): Promise<void> {
  await scope.directory.change(async () => {
    const { record, value } = await existing(scope, kind, name);
    return { mutation: { updates: [{ record, payload: encodeEntity(make(value)) }] }, result: undefined };
  });
}

/** @throws {IamError} MalformedPolicyDocument; LimitExceeded; NoSuchEntity */
export async function putPolicy(
  scope: Scope,
  kind: Kind,
  request: { readonly name: unknown; readonly policyName: unknown; readonly document: unknown },
): Promise<void> {
  const policyName = nameIn(request.policyName, "PolicyName", 128);
  const document = identityPolicyIn(request.document);
  await edit(scope, kind, request.name, (record) => {
    const policies = { ...record.policies, [policyName]: document };
    const size = Object.values(policies).reduce((sum, text) => sum + policySize(text), 0);
    if (size <= MAXIMUM_POLICIES_SIZE) return { ...record, policies };
    const message = `Maximum policy size of ${MAXIMUM_POLICIES_SIZE} bytes exceeded for ${kind} ${record.name}`;
    throw new IamError("LimitExceeded", message);
  });
}

/** @throws {IamError} NoSuchEntity */
export async function getPolicy(
  scope: Scope,
  kind: Kind,
  request: { readonly name: unknown; readonly policyName: unknown },
): Promise<{ readonly PolicyName: string; readonly PolicyDocument: string }> {
  const PolicyName = nameIn(request.policyName, "PolicyName", 128);
  const { value } = await existing(scope, kind, request.name);
  return { PolicyName, PolicyDocument: policyOf(kind, value, PolicyName) };
}

/** @throws {IamError} NoSuchEntity */
export async function deletePolicy(
  scope: Scope,
  kind: Kind,
  request: { readonly name: unknown; readonly policyName: unknown },
): Promise<void> {
  const policyName = nameIn(request.policyName, "PolicyName", 128);
  await edit(scope, kind, request.name, (record) => {
    policyOf(kind, record, policyName);
    const { [policyName]: _removed, ...policies } = record.policies;
    return { ...record, policies };
  });
}

/** @throws {IamError} NoSuchEntity */
export async function listPolicies(
  scope: Scope,
  kind: Kind,
  name: unknown,
): Promise<{ readonly PolicyNames: string[] }> {
  const { value } = await existing(scope, kind, name);
  return { PolicyNames: Object.keys(value.policies).sort() };
}

/** @param boundary a policy document; takes the boundary away if absent */
export async function setBoundary(
  scope: Scope,
  kind: Kind,
  name: unknown,
  boundary: string | undefined,
): Promise<void> {
  const checked = boundary === undefined ? undefined : boundaryIn(boundary);
  await edit(scope, kind, name, ({ boundary: former, ...record }) => {
    if (checked !== undefined) return { ...record, boundary: checked };
    if (former !== undefined) return record;
    throw new IamError("NoSuchEntity", `${kind} ${record.name} does not have PermissionsBoundary`);
  });
}

/** Adds tags; one of the same key takes the new value. */
export async function addTags(scope: Scope, kind: Kind, name: unknown, tags: readonly Tag[]): Promise<void> {
  const added = tagsIn(tags);
  const keys = added.map(({ key }) => key.toLowerCase());
  await edit(scope, kind, name, (record) => {
    const kept = record.tags.filter(({ key }) => !keys.includes(key.toLowerCase()));
    const all = [...kept, ...added].map(({ key, value }) => ({ Key: key, Value: value }));
    return { ...record, tags: tagsIn(all) };
  });
}

/** Removes tags; keys that are not there are passed over. */
export async function removeTags(
  scope: Scope,
  kind: Kind,
  name: unknown,
  tagKeys: readonly string[],
): Promise<void> {
  const removed = tagKeys.map((key) => String(key).toLowerCase());
  await edit(scope, kind, name, (record) => ({
    ...record,
    tags: record.tags.filter(({ key }) => !removed.includes(key.toLowerCase())),
  }));
}

function policyOf(kind: Kind, { name, policies }: PrincipalRecord, policyName: string): string {
  const document = Object.hasOwn(policies, policyName) ? policies[policyName] : undefined;
  if (document !== undefined) return document;
  throw new IamError(
    "NoSuchEntity",
    `The ${kind} policy with name ${policyName} cannot be found on ${name}.`,
  );
}
