/** A KMS key leaves its custom key store, because its waiting period is over. */
import type { Mutation } from "@kmslite/store/authenticated";
import { xksKeyKey } from "../database/keys.ts";
import type { KeyRecord } from "../database/records.ts";
import { together } from "../mutations.ts";
import type { Runtime } from "../runtime.ts";
import { KeyStoreConnections } from "./connections.ts";
import { HsmError } from "./ports.ts";
import { KeyStores } from "./registry.ts";

/**
 * What is committed along with the key's removal, and what is done in the cluster after it: its key there is destroyed if the key
 * store is connected. A cluster that can't be reached keeps an orphan, as at AWS. External keys are never touched.
 */
export async function leaveKeyStore(
  runtime: Runtime,
  key: KeyRecord,
): Promise<{ readonly mutation: Mutation; readonly afterwards: () => Promise<void> }> {
  const stores = await KeyStores.read(runtime, key);
  const store = stores.all.find(({ id }) => id === key.customKeyStoreId);
  if (store === undefined) return { mutation: {}, afterwards: async () => {} };
  const counted = stores.put({ ...store, keys: store.keys - 1 });
  if (store.type === "EXTERNAL_KEY_STORE") {
    const used = await runtime.database.records.get(xksKeyKey(store.id, key.xksKeyId ?? ""));
    const removals = used === undefined ? [] : [used];
    return { mutation: together(counted, { removals }), afterwards: async () => {} };
  }
  const afterwards = async () => {
    if (store.connectionState !== "CONNECTED") return;
    try {
      await KeyStoreConnections.of(runtime).withSession(key, store, (hsm) => hsm.destroyKey(key.keyId));
    } catch (error) {
      if (!(error instanceof HsmError)) throw error;
    }
  };
  return { mutation: counted, afterwards };
}
