/** A new KMS key in a custom key store: its parameters, its key there, and what is committed along with it. */
import type { Mutation } from "@kmslite/store/authenticated";
import type { Call } from "../call.ts";
import { xksKeyKey } from "../database/keys.ts";
import { encode, type KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { together } from "../mutations.ts";
import { XksFailure } from "../xks/failure.ts";
import { assertUsableKey } from "../xks/requests.ts";
import { KeyStoreConnections, requestMetadata } from "./connections.ts";
import { clusterRefusal } from "./hsm-failure.ts";
import { HsmError } from "./ports.ts";
import type { CloudHsmRecord, XksRecord } from "./records.ts";
import { KeyStores } from "./registry.ts";

/** The parameters of CreateKey that speak of a custom key store. */
export interface KeyStoreParameters {
  readonly CustomKeyStoreId?: string | undefined;
  readonly XksKeyId?: string | undefined;
  readonly MultiRegion?: boolean | undefined;
}

/** A key with its place in a key store. */
interface PlacedKey {
  readonly key: KeyRecord;
  readonly mutation: Mutation;
  /** Takes back what was done outside the store, if the key could not be committed. */
  abandon(): Promise<void>;
}

/**
 * @throws {KmsError} ValidationException if origin and parameters do not go together; UnsupportedOperationException for a kind of key
 *   that no custom key store holds
 */
export function assertKeyStoreParameters(
  { origin, keySpec }: Pick<KeyRecord, "origin" | "keySpec">,
  input: KeyStoreParameters,
): void {
  const refuse = (message: string) => new KmsError("ValidationException", message);
  const inKeyStore = origin === "AWS_CLOUDHSM" || origin === "EXTERNAL_KEY_STORE";
  if (inKeyStore && input.CustomKeyStoreId === undefined) {
    throw refuse(`CustomKeyStoreId is required for KMS keys with origin ${origin}.`);
  }
  if (!inKeyStore && input.CustomKeyStoreId !== undefined) {
    throw refuse(`CustomKeyStoreId can not be used for KMS keys with origin ${origin}.`);
  }
  if (origin === "EXTERNAL_KEY_STORE" && input.XksKeyId === undefined) {
    throw refuse("XksKeyId is required for KMS keys with origin EXTERNAL_KEY_STORE.");
  }
  if (origin !== "EXTERNAL_KEY_STORE" && input.XksKeyId !== undefined) {
    throw refuse(`XksKeyId can not be used for KMS keys with origin ${origin}.`);
  }
  if (keySpec !== "SYMMETRIC_DEFAULT" || input.MultiRegion === true) {
    throw new KmsError(
      "UnsupportedOperationException",
      "A custom key store holds symmetric encryption keys of a single Region only.",
    );
  }
}

/**
 * Makes a new key in its key store, and commits it.
 *
 * @param commit writes the key along with what the key store adds; if it fails, the key in the cluster is destroyed again
 */
export async function createInKeyStore(
  call: Call,
  key: KeyRecord,
  input: KeyStoreParameters,
  commit: (key: KeyRecord, also: Mutation) => Promise<void>,
): Promise<KeyRecord> {
  const placed = await place(call, key, input);
  try {
    await commit(placed.key, placed.mutation);
  } catch (error) {
    await placed.abandon();
    throw error;
  }
  return placed.key;
}

async function place(call: Call, key: KeyRecord, input: KeyStoreParameters): Promise<PlacedKey> {
  const stores = await KeyStores.read(call.runtime, call.caller);
  const store = stores.withId(input.CustomKeyStoreId ?? "");
  if (store.type !== key.origin) {
    throw new KmsError(
      "ValidationException",
      `Origin ${key.origin} can not be used with a custom key store of type ${store.type}.`,
    );
  }
  if (store.connectionState !== "CONNECTED") {
    throw new KmsError(
      "CustomKeyStoreInvalidStateException",
      `The custom key store ${store.id} is ${store.connectionState}. Connect it and try the request again.`,
    );
  }
  const counted = stores.put({ ...store, keys: store.keys + 1 });
  const placed =
    store.type === "AWS_CLOUDHSM"
      ? await madeInCluster(call, key, store)
      : await backedByProxy(call, key, store, input.XksKeyId ?? "");
  return { ...placed, mutation: together(counted, placed.mutation) };
}

async function madeInCluster(call: Call, key: KeyRecord, store: CloudHsmRecord): Promise<PlacedKey> {
  const connections = KeyStoreConnections.of(call.runtime);
  try {
    await connections.withSession(call.caller, store, (hsm) => hsm.generateKey(key.keyId));
  } catch (error) {
    throw (
      clusterRefusal(error) ??
      (error instanceof HsmError
        ? new KmsError("CustomKeyStoreInvalidStateException", CLUSTER_FAILED, { cause: error })
        : error)
    );
  }
  return {
    key: { ...key, customKeyStoreId: store.id, cloudHsmClusterId: store.clusterId },
    mutation: {},
    abandon: () => destroyQuietly(connections, call, store, key.keyId),
  };
}

const CLUSTER_FAILED =
  "AWS KMS cannot use the CloudHSM cluster of this custom key store. Disconnect the key store, verify the cluster, and connect it again.";

/** What can't be destroyed is left in the cluster, as AWS leaves it. */
async function destroyQuietly(
  connections: KeyStoreConnections,
  call: Call,
  store: CloudHsmRecord,
  keyId: string,
): Promise<void> {
  try {
    await connections.withSession(call.caller, store, (hsm) => hsm.destroyKey(keyId));
  } catch (error) {
    if (!(error instanceof HsmError)) throw error;
  }
}

async function backedByProxy(
  call: Call,
  key: KeyRecord,
  store: XksRecord,
  xksKeyId: string,
): Promise<PlacedKey> {
  const used = xksKeyKey(store.id, xksKeyId);
  if ((await call.runtime.database.records.get(used)) !== undefined) {
    throw new KmsError(
      "XksKeyAlreadyInUseException",
      `The external key ${xksKeyId} is associated with another KMS key in this external key store.`,
    );
  }
  try {
    await KeyStoreConnections.of(call.runtime).withProxy(call.caller, store, (proxy) =>
      assertUsableKey(proxy, xksKeyId, requestMetadata(call)),
    );
  } catch (error) {
    throw error instanceof XksFailure ? error.asKmsError("ofKey") : error;
  }
  return {
    key: { ...key, customKeyStoreId: store.id, xksKeyId },
    mutation: { inserts: [{ key: used, payload: encode({ keyId: key.keyId }) }] },
    abandon: async () => {},
  };
}
