/**
 * KMS keys in every state, those too that no operation leads to yet: such a key's record is written as another process over the
 * same store would write it.
 */
import { ephemeralRootKey, platformCryptography } from "@kmslite/hierarchy";
import { type Caller, Service } from "@kmslite/service";
import { memoryStore } from "@kmslite/store";
import { Database } from "../../../../packages/service/src/database/database.ts";
import { keyKey } from "../../../../packages/service/src/database/keys.ts";
import { decode, encodeKey, type KeyRecord } from "../../../../packages/service/src/database/records.ts";
import {
  recipientOf,
  type TestHypervisor,
  testHypervisor,
} from "../../../../packages/service/test-support/attestation.ts";
import { testCluster } from "../../../../packages/service/test-support/hsm.ts";

/** A service whose keys can be put into any state. */
export interface Bench {
  call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** Changes a key's record behind the service's back. */
  rewriteKey(keyId: string, change: Partial<KeyRecord>): Promise<void>;
  close(): Promise<void>;
}

const CALLER: Caller = {
  accountId: "111122223333",
  region: "us-east-1",
  principal: "arn:aws:iam::111122223333:root",
};

let hypervisor: TestHypervisor | undefined;

function theHypervisor(): TestHypervisor {
  hypervisor ??= testHypervisor(Date.now());
  return hypervisor;
}

/** An enclave whose attestation documents a bench accepts: what a request for it has as its Recipient. */
export function enclave(): ReturnType<typeof recipientOf> {
  return recipientOf(theHypervisor().document({ timestamp: Date.now() }));
}

/** @param through how calls go in: straight to the service unless given */
export async function openBench(
  through: (service: Service, caller: Caller) => Bench["call"] = (service, caller) => (operation, input) =>
    service.call(operation, input, caller) as ReturnType<Bench["call"]>,
): Promise<Bench> {
  const store = memoryStore();
  const rootKey = ephemeralRootKey();
  const cryptography = await platformCryptography();
  // Without a cache the service sees at once what the other process wrote.
  const service = await Service.open({
    rootKey,
    store,
    cryptography,
    keyCacheMs: 0,
    limits: { customKeyStores: 1000 },
    nitroRoots: [theHypervisor().root],
    keyStores: { hsmCluster: (id) => testCluster(id) },
  });
  const database = await Database.open(store, rootKey, cryptography, Date.now());
  return {
    call: through(service, CALLER),
    rewriteKey: async (keyId, change) => {
      const record = await database.records.get(keyKey(CALLER.region, keyId));
      if (record === undefined) throw new Error(`There is no key ${keyId}`);
      const payload = encodeKey({ ...decode<KeyRecord>(record).value, ...change });
      if (!(await database.records.commit({ updates: [{ record, payload }] })))
        throw new Error("Not written");
    },
    close: async () => {
      database.close();
      await service.close();
    },
  };
}

const DISCONNECTED = { customKeyStoreId: "cks-00000000000000000" };

/** How a key comes into a state, by the name of the matrix's column. */
export const STATES: Readonly<Record<string, readonly ((bench: Bench, keyId: string) => Promise<void>)[]>> = {
  Enabled: [async () => undefined],
  Disabled: [disable],
  "PendingDeletion|PendingReplicaDeletion": [
    scheduleDeletion,
    (bench, keyId) => bench.rewriteKey(keyId, { state: "PendingReplicaDeletion", multiRegion: true }),
  ],
  // Only imported material can be waited for.
  "Pending import": [
    (bench, keyId) => bench.rewriteKey(keyId, { state: "PendingImport", origin: "EXTERNAL" }),
  ],
  // Only a key in a custom key store can be unavailable: it is as long as its key store is not connected.
  Unavailable: [
    (bench, keyId) => bench.rewriteKey(keyId, { ...DISCONNECTED, origin: "AWS_CLOUDHSM" }),
    (bench, keyId) => bench.rewriteKey(keyId, { ...DISCONNECTED, origin: "EXTERNAL_KEY_STORE" }),
  ],
  Creating: [(bench, keyId) => bench.rewriteKey(keyId, { state: "Creating", multiRegion: true })],
  Updating: [(bench, keyId) => bench.rewriteKey(keyId, { state: "Updating", multiRegion: true })],
};

async function disable(bench: Bench, keyId: string): Promise<void> {
  await bench.call("DisableKey", { KeyId: keyId });
}

async function scheduleDeletion(bench: Bench, keyId: string): Promise<void> {
  await bench.call("ScheduleKeyDeletion", { KeyId: keyId, PendingWindowInDays: 7 });
}
