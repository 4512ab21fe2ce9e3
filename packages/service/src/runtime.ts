/**
 * What every call shares: the open database, the keys in memory, the clock, the limits, and the due work.
 */
import type { Mutation } from "@kmslite/store/authenticated";
import { BackingKeys } from "./backing-keys.ts";
import type { Database } from "./database/database.ts";
import { KeyCache } from "./key-cache.ts";
import type { Limits } from "./limits.ts";

export class Runtime {
  readonly database: Database;
  readonly clock: () => number;
  readonly limits: Limits;
  readonly keys: KeyCache;
  readonly backingKeys: BackingKeys;
  /** Told of every record of due work that was committed. */
  onDue: (time: number) => void = () => {};

  constructor(database: Database, clock: () => number, limits: Limits, keyCacheMs: number) {
    this.database = database;
    this.clock = clock;
    this.limits = limits;
    this.keys = new KeyCache(database, clock, keyCacheMs);
    this.backingKeys = new BackingKeys(database);
  }

  /** Applies a mutation durably; `false` if it met a change by somebody else. What was cached of it is dropped. */
  async commit(mutation: Mutation): Promise<boolean> {
    const touched = [
      ...(mutation.unchanged ?? []),
      ...(mutation.removals ?? []),
      ...(mutation.updates ?? []).map((update) => update.record),
      ...(mutation.inserts ?? []),
    ];
    const forget = () => {
      for (const { key } of touched) this.keys.forget(key);
    };
    forget();
    const applied = await this.database.records.commit(mutation);
    // A call that ran meanwhile may have cached what was true before.
    forget();
    if (applied) {
      for (const { key } of mutation.inserts ?? []) {
        if (key.startsWith("due/")) this.onDue(Number(key.split("/")[1]));
      }
      for (const { key } of mutation.removals ?? []) {
        if (key.startsWith("backing/")) this.backingKeys.forget(key);
      }
    } else {
      await this.database.reloadKeyring();
    }
    return applied;
  }

  /** Wipes the keys in memory. */
  close(): void {
    this.backingKeys.close();
    this.database.close();
  }
}
