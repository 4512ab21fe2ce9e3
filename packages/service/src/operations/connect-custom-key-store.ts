import { connectionFailure } from "../key-stores/connecting.ts";
import { KeyStoreConnections } from "../key-stores/connections.ts";
import { KeyStores } from "../key-stores/registry.ts";
import { usableCluster } from "../key-stores/requirements.ts";
import { assertConnectionState } from "../key-stores/state.ts";
import { type Operation, operation } from "../operation.ts";
import { customKeyStoreId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface ConnectCustomKeyStoreRequest {
  CustomKeyStoreId: string | undefined;
}

/**
 * Connects a custom key store. Whether it succeeded is told by DescribeCustomKeyStores, as at AWS; here it is known when the call
 * returns.
 */
export const connectCustomKeyStore: Operation<ConnectCustomKeyStoreRequest, object> = operation(
  "ConnectCustomKeyStore",
  {
    input: { CustomKeyStoreId: required(customKeyStoreId) },
    run: async (call, input) => {
      const stores = await KeyStores.read(call.runtime, call.caller);
      const { connectionErrorCode: _former, ...found } = stores.withId(input.CustomKeyStoreId);
      assertConnectionState(found, ["CONNECTED", "CONNECTING", "DISCONNECTED"]);
      if (found.connectionState === "CONNECTED") return {};
      const store = { ...found, generation: found.generation + 1 };
      const known =
        store.type === "AWS_CLOUDHSM" && call.runtime.keyStores.hsmCluster?.(store.clusterId) !== undefined;
      if (known) await usableCluster(call, store.clusterId);
      const failure = await connectionFailure(call, store);
      try {
        await call.commit(
          stores.put(
            failure === undefined
              ? { ...store, connectionState: "CONNECTED" }
              : { ...store, connectionState: "FAILED", connectionErrorCode: failure },
          ),
        );
      } catch (error) {
        await KeyStoreConnections.of(call.runtime).logout(store.id);
        throw error;
      }
      return {};
    },
  },
);
