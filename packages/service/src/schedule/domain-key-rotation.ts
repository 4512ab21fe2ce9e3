/**
 * Rotation of the domain key: a new one becomes active, every key token is moved under it, and the retired ones go
 * when no token needs them any more.
 *
 * The keyring itself says when it is due (the age of its newest domain key) and whether a rotation was interrupted (it
 * holds a retired one), so no other record has to.
 */

import { bytesToHex, hexToBytes } from "@kmslite/crypto";
import { tokenVersion, withNewDomainKey, withoutDomainKeys } from "@kmslite/hierarchy";
import type { AuthenticRecord } from "@kmslite/store/authenticated";
import { under } from "../database/keys.ts";
import { type BackingKeyRecord, decode, encode } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";

/** Tokens moved in one commit. */
const BATCH = 50;

/** Rotates now, unless another process is just doing it. After a crash, {@link finishRotation} does what is left. */
export async function rotateDomainKey(runtime: Runtime): Promise<void> {
  const { database } = runtime;
  await database.replaceKeyring((keyring, rootKey) =>
    withNewDomainKey(keyring, rootKey, database.cryptography, runtime.clock()),
  );
  await finishRotation(runtime);
}

/** Moves every key token under the active domain key and drops the retired ones, if there are any. */
export async function finishRotation(runtime: Runtime): Promise<void> {
  const { database } = runtime;
  if (database.keyring.domainKeys.length === 1) return;
  await rewrapTokens(runtime);
  const active = database.domainKeys.activeVersion;
  // Another process may have rotated meanwhile; then this was not the last rewrap, and the keys stay until its own.
  await database.replaceKeyring(async (keyring) => {
    const newest = Math.max(...keyring.domainKeys.map((key) => key.version));
    return newest === active ? withoutDomainKeys(keyring, () => false) : keyring;
  });
}

/** Moves every key token under the active domain key. */
async function rewrapTokens(runtime: Runtime): Promise<void> {
  const { records } = runtime.database;
  const { end } = under("backing/");
  let start = "backing/0";
  for (;;) {
    const page = await records.list({ start, end, limit: BATCH });
    const stale = page.filter(
      (record) => tokenOf(record).version !== runtime.database.domainKeys.activeVersion,
    );
    const moved = await runtime.commit({
      unchanged: stale.length === 0 ? [] : [runtime.database.keyringRecord],
      updates: stale.map((record) => ({ record, payload: rewrapped(runtime, record) })),
    });
    if (!moved) continue;
    const last = page.at(-1);
    if (last === undefined || page.length < BATCH) return;
    start = `${last.key}!`;
  }
}

function tokenOf(record: AuthenticRecord): { readonly version: number; readonly value: BackingKeyRecord } {
  const { value } = decode<BackingKeyRecord>(record);
  return { version: tokenVersion(hexToBytes(value.token)), value };
}

function rewrapped(runtime: Runtime, record: AuthenticRecord): Uint8Array {
  const { value } = tokenOf(record);
  const [, , keyId = "", keyMaterialId = ""] = record.key.split("/");
  const token = runtime.database.domainKeys.rewrap(hexToBytes(value.token), {
    ...value,
    keyId,
    keyMaterialId,
  });
  return encode({ ...value, token: bytesToHex(token) });
}
