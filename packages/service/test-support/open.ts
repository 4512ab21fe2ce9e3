/** A service over a store in memory, as the tests call it. */
import { secretRootKey } from "@kmslite/hierarchy";
import { memoryStore, type Store } from "@kmslite/store";
import { type Caller, type KmsMethods, kmsMethods, Service, type ServiceOptions } from "../src/index.ts";

export const CALLER: Caller = {
  accountId: "111122223333",
  region: "us-east-1",
  principal: "arn:aws:iam::111122223333:root",
};

export interface Opened {
  readonly kms: KmsMethods;
  readonly service: Service;
  readonly store: Store;
  /** The clock: milliseconds since 1970. */
  readonly clock: { now: number };
  /** A new key's id. */
  key(): Promise<string>;
  /** Every record of the store, as text. */
  contents(): Promise<readonly string[]>;
}

export async function open(options: Partial<ServiceOptions> = {}): Promise<Opened> {
  const store = options.store ?? memoryStore();
  const clock = { now: Date.UTC(2026, 0, 1) };
  const rootKey = secretRootKey(new Uint8Array(32).fill(7));
  const service = await Service.open({ rootKey, clock: () => clock.now, keyCacheMs: 0, ...options, store });
  const kms = kmsMethods(service, CALLER);
  return {
    kms,
    service,
    store,
    clock,
    key: async () => (await kms.createKey({})).KeyMetadata?.KeyId ?? "",
    contents: () => contentsOf(store),
  };
}

async function contentsOf(store: Store): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let start = "!"; ; ) {
    const page = await store.list({ start, end: "~~", limit: 1000 });
    lines.push(...page.map(({ key, version, value }) => `${key} @${version} ${value.join()}`));
    const last = page.at(-1);
    if (last === undefined || page.length < 1000) return lines;
    start = `${last.key}!`;
  }
}
