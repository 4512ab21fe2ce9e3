/** The deletion of a key whose waiting period is over. */
import type { AuthenticRecord, Mutation } from "@kmslite/store/authenticated";
import {
  accountKeyKey,
  aliasKey,
  backingPrefix,
  grantCountKey,
  keyAliasKey,
  materialPrefix,
  under,
  usageKey,
} from "../database/keys.ts";
import { type AliasRecord, decode, encodeKey, type KeyRecord, type Row } from "../database/records.ts";
import { together } from "../mutations.ts";
import { isPrimary, relatedKeys } from "../related-keys.ts";
import type { Runtime } from "../runtime.ts";
import { otherKeys } from "../shared-properties.ts";
import { calledOff, DAY, deletionOf, planned, rotationOf } from "./due-work.ts";

/** In place of the time of a deletion that has begun: over for every call, however early it came. */
const BEGUN = 0;

/** Records removed in one commit; each may touch its predecessor too, and a commit holds 100. */
const BATCH = 24;

/**
 * Removes everything that belongs to a key, its backing keys among it: what it encrypted is lost.
 *
 * It may take several commits, and several calls where there are many grants. The first makes the deletion final: a call that came
 * in time to call it off, but gets to it only now, finds no key, and not one whose material is gone. The key's own record and the
 * due work go last, so that a crash in between is caught up.
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
  if (deletionAt !== BEGUN) {
    const { record, value } = key;
    const payload = encodeKey({ ...value, deletionAt: BEGUN });
    if (!(await runtime.commit({ updates: [{ record, payload }] }))) return;
    const begun = await runtime.database.records.get(record.key);
    return deleteKey(runtime, due, begun === undefined ? undefined : decode<KeyRecord>(begun), now);
  }
  const left = await withoutThisKey(runtime, key.value, now);
  const emptied =
    (await removeAll(runtime, keyAliasKey(key.value.region, key.value.keyId, "alias/"), (record) =>
      aliasRecords(runtime, key.value, record),
    )) &&
    // Related keys go on using the material.
    (left !== undefined
      ? await releaseImportedIfAny(runtime, key.value)
      : (await removeAll(runtime, backingPrefix(key.value))) &&
        (await removeAll(runtime, materialPrefix(key.value)))) &&
    (await removeGrantsIfAny(runtime, key.value));
  if (!emptied) return;
  const listed = await runtime.database.records.get(accountKeyKey(key.value, key.value.keyId));
  const { rotation } = key.value;
  const rotationOff =
    rotation?.scheduled === true && isPrimary(key.value)
      ? await calledOff(runtime, rotation.nextAt, rotationOf(key.value))
      : {};
  const used = await runtime.database.records.get(usageKey(key.value.region, key.value.keyId));
  const removals = [key.record, due, listed, used].filter((record) => record !== undefined);
  if (key.value.customKeyStoreId === undefined) {
    const applied = await runtime.commit(together(rotationOff, left ?? {}, { removals }));
    if (applied) await runtime.auditor?.background("DeleteKey", key.value);
    return;
  }
  const { leaveKeyStore } = await import("../key-stores/deleted-key.ts");
  const { mutation, afterwards } = await leaveKeyStore(runtime, key.value);
  if (!(await runtime.commit(together(mutation, { removals })))) return;
  await runtime.auditor?.background("DeleteKey", key.value);
  await afterwards();
}

/**
 * What changes in the records of related keys, or `undefined` if there are none. A primary key that waited for its last
 * replica to go begins its own waiting period.
 */
async function withoutThisKey(runtime: Runtime, key: KeyRecord, now: number): Promise<Mutation | undefined> {
  const others = await otherKeys(runtime, key);
  if (others.length === 0) return undefined;
  const { replicas, ...family } = relatedKeys(key);
  const related = { ...family, replicas: replicas.filter((region) => region !== key.region) };
  const mutations = others.map(({ record, value }): Mutation => {
    const { pendingWindowInDays, ...kept } = { ...value, related };
    if (pendingWindowInDays === undefined || related.replicas.length > 0) {
      return { updates: [{ record, payload: encodeKey({ ...value, related }) }] };
    }
    const deletionAt = now + pendingWindowInDays * DAY;
    return together(planned(deletionAt, deletionOf(value)), {
      updates: [{ record, payload: encodeKey({ ...kept, state: "PendingDeletion", deletionAt }) }],
    });
  });
  return together(...mutations);
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

/** What releases imported material is loaded when a key has some. */
async function releaseImportedIfAny(runtime: Runtime, key: KeyRecord): Promise<boolean> {
  if (key.imported === undefined) return true;
  const { releaseAll } = await import("../import/kept-material.ts");
  return releaseAll(runtime, key);
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
