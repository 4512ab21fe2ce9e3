/** Which connection states allow what. */
import { KmsError } from "../errors.ts";
import type { KeyStoreRecord } from "./records.ts";
import type { ConnectionStateType } from "./types.ts";

/** @throws {KmsError} CustomKeyStoreInvalidStateException unless the key store is in one of the states */
export function assertConnectionState(store: KeyStoreRecord, allowed: readonly ConnectionStateType[]): void {
  if (allowed.includes(store.connectionState)) return;
  throw new KmsError(
    "CustomKeyStoreInvalidStateException",
    `The custom key store ${store.id} is ${store.connectionState}. This operation needs it to be ${allowed.join(" or ")}.`,
  );
}
