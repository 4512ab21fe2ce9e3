/**
 * What every call shares: the open database, the keys in memory, the clock, the limits, and the due work.
 */
import type { BackingKey } from "@kmslite/hierarchy";
import type { Mutation } from "@kmslite/store/authenticated";
import type { AtOnce } from "./at-once.ts";
import type { Auditor } from "./audit/auditor.ts";
import { BackingKeys } from "./backing-keys.ts";
import type { Database } from "./database/database.ts";
import { KEYRING } from "./database/keys.ts";
import type { KeyRecord, Row } from "./database/records.ts";
import { KeyCache } from "./key-cache.ts";
import type { KeyStorePorts } from "./key-stores/ports.ts";
import type { Limits } from "./limits.ts";
import type { RequestThrottle } from "./quotas/request-quotas.ts";
import { LastUsage } from "./usage/last-usage.ts";

export class Runtime {
  readonly database: Database;
  readonly clock: () => number;
  readonly limits: Limits;
  /** Regions that keys may be replicated to; any unless given. */
  readonly regions: readonly string[] | undefined;
  readonly keys: KeyCache;
  readonly backingKeys: BackingKeys;
  readonly lastUsage: LastUsage;
  /** Absent where requests have no quotas. */
  readonly throttle: RequestThrottle | undefined;
  /** How custom key stores are reached. */
  readonly keyStores: KeyStorePorts;
  /** DER of the certificates that attestation documents must lead to; AWS's own unless given. */
  readonly nitroRoots: readonly Uint8Array[] | undefined;
  /** Keeps events of calls and background work; absent where there is no audit. */
  auditor?: Auditor;
  /** Told of every record of due work that was committed. */
  onDue: (time: number) => void = () => {};
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(
    database: Database,
    clock: () => number,
    limits: Limits,
    keyCacheMs: number,
    {
      regions,
      throttle,
      keyStores = {},
      nitroRoots,
      onFailure = () => {},
    }: {
      readonly regions?: readonly string[] | undefined;
      readonly throttle?: RequestThrottle | undefined;
      readonly keyStores?: KeyStorePorts | undefined;
      readonly nitroRoots?: readonly Uint8Array[] | undefined;
      readonly onFailure?: ((error: unknown) => void) | undefined;
    } = {},
  ) {
    this.keyStores = keyStores;
    this.nitroRoots = nitroRoots;
    this.database = database;
    this.clock = clock;
    this.limits = limits;
    this.regions = regions;
    this.keys = new KeyCache(database, clock, keyCacheMs);
    this.backingKeys = new BackingKeys(database);
    this.lastUsage = new LastUsage(this, onFailure);
    this.throttle = throttle;
  }

  /**
   * A KMS key, or `undefined` if there is none.
   *
   * @param lately whether it may be as old as the cache allows: what decides about a change must not be
   */
  key(region: string, keyId: string, lately: boolean): AtOnce<Row<KeyRecord> | undefined> {
    const recalled = lately ? this.keys.recall(region, keyId, this.clock()) : undefined;
    return recalled ?? this.#readKey(region, keyId);
  }

  /** A backing key of a KMS key, or `undefined` if the key has no such material. */
  backingKey(key: KeyRecord, keyMaterialId: string): AtOnce<BackingKey | undefined> {
    return this.backingKeys.recall(key.keyId, keyMaterialId) ?? this.backingKeys.read(key, keyMaterialId);
  }

  /** Applies a mutation durably; `false` if it met a change by somebody else. What was cached of it is dropped. */
  async commit(mutation: Mutation): Promise<boolean> {
    const touched = [
      ...(mutation.unchanged ?? []),
      ...(mutation.removals ?? []),
      ...(mutation.updates ?? []).map((update) => update.record),
      ...(mutation.inserts ?? []),
    ];
    this.#forget(touched);
    let applied: boolean;
    try {
      applied = await this.database.records.commit(mutation);
    } finally {
      // A call that ran meanwhile may have cached what was true before.
      this.#forget(touched);
    }
    if (!applied) {
      if (touched.some(({ key }) => key === KEYRING)) await this.database.reloadKeyring();
      return false;
    }
    for (const { key } of mutation.inserts ?? []) {
      if (key.startsWith("due/")) this.onDue(Number(key.split("/")[1]));
    }
    for (const { key } of mutation.removals ?? []) {
      if (key.startsWith("backing/")) this.backingKeys.forgetKey(key.split("/")[2] ?? "");
    }
    return true;
  }

  /** Has something done before the keys are wiped. */
  beforeClose(work: () => Promise<void>): void {
    this.#closing.push(work);
  }

  /** Wipes the keys in memory. */
  async close(): Promise<void> {
    for (const work of this.#closing.splice(0)) await work();
    await this.auditor?.close();
    this.backingKeys.close();
    this.database.close();
    // Whoever closes is told when all is wiped, which keys in use are in the next task.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async #readKey(region: string, keyId: string): Promise<Row<KeyRecord> | undefined> {
    const row = await this.keys.read(region, keyId);
    // Another process may have deleted the key, or its imported material.
    if (row === undefined || row.value.state === "PendingImport") this.backingKeys.forgetKey(keyId);
    return row;
  }

  #forget(records: readonly { readonly key: string }[]): void {
    for (const { key } of records) this.keys.forget(key);
  }
}
