import { KeyStoreConnections } from "../key-stores/connections.ts";
import { KeyStores } from "../key-stores/registry.ts";
import { assertConnectionState } from "../key-stores/state.ts";
import { type Operation, operation } from "../operation.ts";
import { customKeyStoreId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DisconnectCustomKeyStoreRequest {
  CustomKeyStoreId: string | undefined;
}

/** Disconnects a custom key store: its keys are unavailable until it is connected again. */
export const disconnectCustomKeyStore: Operation<DisconnectCustomKeyStoreRequest, object> = operation(
  "DisconnectCustomKeyStore",
  {
    input: { CustomKeyStoreId: required(customKeyStoreId) },
    run: async (call, input) => {
      const stores = await KeyStores.read(call.runtime, call.caller);
      const { connectionErrorCode: _former, ...store } = stores.withId(input.CustomKeyStoreId);
      assertConnectionState(store, ["CONNECTED", "CONNECTING", "FAILED"]);
      await call.commit(stores.put({ ...store, connectionState: "DISCONNECTED" }));
      await KeyStoreConnections.of(call.runtime).logout(store.id);
      return {};
    },
  },
);
