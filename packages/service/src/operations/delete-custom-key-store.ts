import { KmsError } from "../errors.ts";
import { KeyStores } from "../key-stores/registry.ts";
import { dropSecret } from "../key-stores/secrets.ts";
import { assertConnectionState } from "../key-stores/state.ts";
import { together } from "../mutations.ts";
import { type Operation, operation } from "../operation.ts";
import { customKeyStoreId } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface DeleteCustomKeyStoreRequest {
  CustomKeyStoreId: string | undefined;
}

/** Deletes a custom key store without keys. The cluster, or the proxy and its keys, stay as they are. */
export const deleteCustomKeyStore: Operation<DeleteCustomKeyStoreRequest, object> = operation(
  "DeleteCustomKeyStore",
  {
    input: { CustomKeyStoreId: required(customKeyStoreId) },
    run: async (call, input) => {
      const stores = await KeyStores.read(call.runtime, call.caller);
      const store = stores.withId(input.CustomKeyStoreId);
      assertConnectionState(store, ["DISCONNECTED"]);
      if (store.keys > 0) {
        throw new KmsError(
          "CustomKeyStoreHasCMKsException",
          `The custom key store ${store.id} contains ${store.keys} KMS keys.`,
        );
      }
      const secret = await dropSecret(call.runtime, call.caller, store.id, store.secretId);
      await call.commit(together(stores.remove(store.id), secret));
      return {};
    },
  },
);
