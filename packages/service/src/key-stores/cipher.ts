/** Encryption under a KMS key of a custom key store: under its backing key here, and under the key store's key there. */
import { type BlobBinding, type BlobKind, HierarchyError } from "@kmslite/hierarchy";
import { type KeyStoreCipher, openKeyStoreBlob, sealKeyStoreBlob } from "@kmslite/hierarchy/key-stores";
import { keyArn } from "../arn.ts";
import type { Call } from "../call.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { XksFailure } from "../xks/failure.ts";
import { decryptWithProxy, encryptWithProxy } from "../xks/requests.ts";
import { KeyStoreConnections, requestMetadata } from "./connections.ts";
import { hsmRefusal } from "./hsm-failure.ts";
import type { KeyStoreRecord } from "./records.ts";
import { KeyStores } from "./registry.ts";

/** Encrypts under both keys. */
export async function sealInKeyStore(
  call: Call,
  key: KeyRecord,
  place: { readonly kind: BlobKind } & BlobBinding,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const cipher = await cipherOf(call, key);
  const backing = await call.runtime.backingKey(key, key.keyMaterialId);
  if (backing === undefined)
    throw new KmsError("KMSInternalException", `The material of ${key.keyId} is missing`);
  return sealKeyStoreBlob(call.runtime.database.cryptography, backing, place, cipher, plaintext);
}

/** @throws {KmsError} InvalidCiphertextException, or why the key store did not decrypt */
export async function openInKeyStore(
  call: Call,
  key: KeyRecord,
  binding: BlobBinding,
  blob: Uint8Array,
): Promise<Uint8Array> {
  const { runtime } = call;
  const backing = async (keyMaterialId: string) => runtime.backingKey(key, keyMaterialId);
  const cipher = await cipherOf(call, key);
  try {
    return await openKeyStoreBlob(runtime.database.cryptography, backing, binding, cipher, blob);
  } catch (error) {
    if (!(error instanceof HierarchyError) || error.code !== "InvalidCiphertext") throw error;
    throw new KmsError("InvalidCiphertextException", "");
  }
}

async function cipherOf(call: Call, key: KeyRecord): Promise<KeyStoreCipher> {
  const { all } = await KeyStores.read(call.runtime, key);
  const store = all.find(({ id }) => id === key.customKeyStoreId);
  if (store?.connectionState === "CONNECTED") return cipherIn(store, call, key);
  // It was connected when the key was looked up, a moment ago.
  throw new KmsError("KMSInvalidStateException", `${keyArn(key, key.keyId)} is unavailable.`);
}

function cipherIn(store: KeyStoreRecord, call: Call, key: KeyRecord): KeyStoreCipher {
  const connections = KeyStoreConnections.of(call.runtime);
  if (store.type === "AWS_CLOUDHSM") {
    return {
      encrypt: (plaintext, aad) =>
        orRefusal(connections.withSession(key, store, (hsm) => hsm.encrypt(key.keyId, plaintext, aad))),
      decrypt: (sealed, aad) =>
        orRefusal(connections.withSession(key, store, (hsm) => hsm.decrypt(key.keyId, sealed, aad))),
    };
  }
  const metadata = requestMetadata(call, keyArn(key, key.keyId));
  const externalKey = key.xksKeyId ?? "";
  return {
    encrypt: (plaintext, aad) =>
      orRefusal(
        connections.withProxy(key, store, (proxy) =>
          encryptWithProxy(proxy, externalKey, metadata, plaintext, aad),
        ),
      ),
    decrypt: (sealed, aad) =>
      orRefusal(
        connections.withProxy(key, store, (proxy) =>
          decryptWithProxy(proxy, externalKey, metadata, sealed, aad),
        ),
      ),
  };
}

/** What the key store refused with, as the caller of a cryptographic operation is told. */
async function orRefusal<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof XksFailure ? error.asKmsError("cryptography") : hsmRefusal(error);
  }
}
