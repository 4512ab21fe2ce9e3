/**
 * The key pairs of KMS keys, ready for use: private keys opened from their tokens, public keys from the records that
 * stand beside them.
 */
import {
  KeyPairError,
  type KeyPairErrorCode,
  loadKeyPairAlgorithm,
  type PrivateKey,
} from "@kmslite/crypto/key-pairs";
import { keyMaterialIdOf } from "@kmslite/hierarchy";
import { IntegrityError } from "@kmslite/store/authenticated";
import type { ReadyPublicKey } from "./backing-keys.ts";
import { backingKeyKey } from "./database/keys.ts";
import type { KeyRecord } from "./database/records.ts";
import { KmsError } from "./errors.ts";
import { isKeyPair, type KeyPairSpec } from "./key-specs.ts";
import type { Runtime } from "./runtime.ts";

/** The private key of a KMS key. It is wiped when it leaves memory: use it before anything else is awaited. */
export async function privateKeyOf(runtime: Runtime, key: KeyRecord): Promise<PrivateKey> {
  const { keyMaterialId } = key;
  const { backingKeys } = runtime;
  const ready = await backingKeys.prepared(backingKeys.privateKeys, key, keyMaterialId, async (material) => {
    const algorithm = await loadKeyPairAlgorithm(keyPairSpecOf(key));
    const privateKey = await algorithm.importPrivateKey(material);
    return { keyMaterialId, privateKey, destroy: () => privateKey.destroy() };
  });
  if (ready === undefined) throw missingMaterial(key);
  return ready.privateKey;
}

/** The public key of a KMS key: as DER of SubjectPublicKeyInfo, and parsed. */
export async function publicKeyOf(runtime: Runtime, key: KeyRecord): Promise<ReadyPublicKey> {
  const { backingKeys } = runtime;
  const held = backingKeys.publicKeys.get(key.keyId, key.keyMaterialId);
  if (held !== undefined) return held;
  const generation = backingKeys.publicKeys.generation();
  const bytes = await backingKeys.publicKey(key, key.keyMaterialId);
  if (bytes === undefined) throw missingMaterial(key);
  // The id is made of the public key, so that this one belongs to the private key in the token of that id.
  const keyMaterialId = keyMaterialIdOf(key.keySpec, bytes, key.keyId);
  if (keyMaterialId !== key.keyMaterialId) {
    const place = backingKeyKey(key, key.keyMaterialId);
    throw new IntegrityError(place, "holds the public key of another key");
  }
  const algorithm = await loadKeyPairAlgorithm(keyPairSpecOf(key));
  const publicKey = await algorithm.importPublicKey(bytes);
  const ready = { keyMaterialId, bytes, publicKey, destroy: () => undefined };
  return backingKeys.publicKeys.add(key.keyId, ready, generation);
}

/** Waits for a result, and words what cryptography refused as the KMS does. */
export async function refused<Result>(
  result: Promise<Result>,
  errors: Readonly<Partial<Record<KeyPairErrorCode, () => KmsError>>>,
): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof KeyPairError)) throw error;
    throw errors[error.code]?.() ?? error;
  }
}

function keyPairSpecOf({ keyId, keySpec }: KeyRecord): KeyPairSpec {
  if (isKeyPair(keySpec)) return keySpec;
  throw new TypeError(`${keyId} is no key pair: its spec is ${keySpec}`);
}

function missingMaterial({ keyId }: KeyRecord): KmsError {
  return new KmsError("KMSInternalException", `The material of ${keyId} is missing`);
}
