/**
 * Whether the keys of a custom key store can be used. The key's record says whether it is enabled; whether its key store is
 * connected stands with the key store, for all of its keys at once, and is put together when a key is read.
 *
 * A key that is both enabled (or disabled) and in a key store that is not connected is Unavailable. It may still be enabled or
 * disabled, which shows when the key store is back; one that is pending deletion remains so (AWS KMS Developer Guide, "Key states").
 */
import type { KeyRecord, Row } from "../database/records.ts";
import type { Runtime } from "../runtime.ts";
import { KeyStores } from "./registry.ts";

/** The key as it is at this moment. */
export async function asAvailable(runtime: Runtime, row: Row<KeyRecord>): Promise<Row<KeyRecord>> {
  const { value } = row;
  const { all } = await KeyStores.read(runtime, value);
  const store = all.find(({ id }) => id === value.customKeyStoreId);
  const state = value.state === "Unavailable" ? (value.stateWhenAvailable ?? "Enabled") : value.state;
  const unavailable = store?.connectionState !== "CONNECTED" && (state === "Enabled" || state === "Disabled");
  return {
    record: row.record,
    value: {
      ...value,
      ...(store?.type === "AWS_CLOUDHSM" ? { cloudHsmClusterId: store.clusterId } : {}),
      ...(unavailable ? { state: "Unavailable", stateWhenAvailable: state } : { state }),
    },
  };
}
