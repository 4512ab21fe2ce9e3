/** The deletion of a key whose waiting period is over. */
import type { AuthenticRecord, Mutation } from "@kmslite/store/authenticated";
import {
  accountKeyKey,
  aliasKey,
  grantCountKey,
  keyAliasKey,
  materialPrefix,
  under,
} from "../database/keys.ts";
import { type AliasRecord, decode, type KeyRecord, type Row } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { calledOff, rotationOf } from "./due-work.ts";

/** Records removed in one commit; each may touch its predecessor too, and a commit holds 100. */
const BATCH = 24;

/**
 * Removes everything that belongs to a key, its backing keys among it: what it encrypted is lost.
 *
 * It may take several commits, and several calls where there are many grants. The key's own record and the due work go
 * last, so that a crash in between is caught up, and the key stays pending deletion, usable for nothing, until then.
 */
export async function deleteKey(
  runtime: Runtime,
  due: AuthenticRecord,
  key: Row<KeyRecord> | undefined,
  now: number,
): Promise<void> {
  const deletionAt = key?.value.deletionAt;
  if (key === undefined || key.value.state !== "PendingDeletion" || deletionAt === undefined) {
    await runtime.commit({ removals: [due] });
    return;
  }
  if (deletionAt > now) return;
  const emptied =
    (await removeAll(runtime, keyAliasKey(key.value.region, key.value.keyId, "alias/"), (record) =>
      aliasRecords(runtime, key.value, record),
    )) &&
    (await removeAll(runtime, `backing/${key.value.region}/${key.value.keyId}/`)) &&
    (await removeAll(runtime, materialPrefix(key.value.region, key.value.keyId))) &&
    (await removeGrantsIfAny(runtime, key.value));
  if (!emptied) return;
  const listed = await runtime.database.records.get(accountKeyKey(key.value, key.value.keyId));
  const { rotation } = key.value;
  const rotationOff =
    rotation?.scheduled === true ? await calledOff(runtime, rotation.nextAt, rotationOf(key.value)) : {};
  const removals = listed === undefined ? [key.record, due] : [key.record, due, listed];
  await runtime.commit(together(rotationOff, { removals }));
}

/** Removes every record under a prefix; `false` when somebody else interfered, and it must be tried again. */
async function removeAll(
  runtime: Runtime,
  prefix: string,
  removal: (record: AuthenticRecord) => Promise<Mutation> = async (record) => ({ removals: [record] }),
): Promise<boolean> {
  for (;;) {
    const records = await runtime.database.records.list({ ...under(prefix), limit: BATCH });
    if (records.length === 0) return true;
    const mutations = await Promise.all(records.map(removal));
    if (!(await runtime.commit(together(...mutations)))) return false;
  }
}

/** What removes grants is loaded when a key has had one. */
async function removeGrantsIfAny(runtime: Runtime, key: KeyRecord): Promise<boolean> {
  const counted = await runtime.database.records.get(grantCountKey(key.region, key.keyId));
  if (counted === undefined) return true;
  const { removeGrants } = await import("../grants/remove-grants.ts");
  return removeGrants(runtime, key);
}

async function aliasRecords(runtime: Runtime, key: KeyRecord, index: AuthenticRecord): Promise<Mutation> {
  const alias = await runtime.database.records.get(aliasKey(key, decode<AliasRecord>(index).value.name));
  return { removals: alias === undefined ? [index] : [index, alias] };
}
