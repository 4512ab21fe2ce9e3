/**
 * Fresh material of keys that are not symmetric encryption keys: random bytes for HMAC, a key pair for all others.
 */
import { HMAC_KEY_LENGTHS } from "@kmslite/crypto/hmac";
import { loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { keyMaterialIdOf } from "@kmslite/hierarchy";
import type { KeyIdentity, MadeMaterial } from "./backing-keys.ts";
import { type HmacKeySpec, isHmac, type KeyPairSpec } from "./key-specs.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Makes the material of a new KMS key. Its plaintext lives in this call only.
 *
 * @param keySpec that of the key
 */
export async function freshMaterial(
  runtime: Runtime,
  key: KeyIdentity,
  keySpec: HmacKeySpec | KeyPairSpec,
): Promise<MadeMaterial> {
  const { random } = runtime.database.cryptography;
  if (isHmac(keySpec)) return keepMacKey(runtime, key, random(HMAC_KEY_LENGTHS[keySpec]));
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  const { privateKey, publicKey } = await algorithm.generate(random);
  try {
    const keyMaterialId = keyMaterialIdOf(keySpec, publicKey, key.keyId);
    return runtime.backingKeys.keep(key, keyMaterialId, privateKey, publicKey);
  } finally {
    privateKey.fill(0);
  }
}

function keepMacKey(runtime: Runtime, key: KeyIdentity, macKey: Uint8Array): MadeMaterial {
  try {
    return runtime.backingKeys.keep(key, keyMaterialIdOf(key.keySpec, macKey, key.keyId), macKey);
  } finally {
    macKey.fill(0);
  }
}
