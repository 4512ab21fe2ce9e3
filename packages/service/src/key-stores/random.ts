/** Random bytes from the HSMs of a custom key store. */
import type { Call } from "../call.ts";
import { KmsError } from "../errors.ts";
import { KeyStoreConnections } from "./connections.ts";
import { hsmRefusal } from "./hsm-failure.ts";
import { KeyStores } from "./registry.ts";
import { assertConnectionState } from "./state.ts";

/** @param length 1 to 1,024 bytes */
export async function randomOfKeyStore(call: Call, storeId: string, length: number): Promise<Uint8Array> {
  const store = (await KeyStores.read(call.runtime, call.caller)).withId(storeId);
  if (store.type !== "AWS_CLOUDHSM") {
    throw new KmsError("UnsupportedOperationException", "An external key store generates no random bytes.");
  }
  assertConnectionState(store, ["CONNECTED"]);
  try {
    return await KeyStoreConnections.of(call.runtime).withSession(call.caller, store, (hsm) =>
      hsm.random(length),
    );
  } catch (error) {
    throw hsmRefusal(error);
  }
}
