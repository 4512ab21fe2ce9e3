/**
 * What imported material must be: exactly 32 bytes; for HMAC, as long as the key spec says to 1,024 bits; or a private key of
 * exactly that kind (AWS KMS Developer Guide, "Requirements for imported key material").
 */
import { HMAC_KEY_LENGTHS, LONGEST_HMAC_KEY } from "@kmslite/crypto/hmac";
import { KeyPairError, loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { BACKING_KEY_LENGTH, backingKey, keyMaterialIdOf } from "@kmslite/hierarchy";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import { isHmac, type KeyPairSpec } from "../key-specs.ts";

/** Material that is what the key wants. */
export interface BroughtMaterial {
  readonly keyMaterialId: string;
  /** Of a key pair: DER of SubjectPublicKeyInfo. */
  readonly publicKey?: Uint8Array;
}

/** @throws {KmsError} IncorrectKeyMaterialException */
export async function examineMaterial(
  { keySpec, keyId }: Pick<KeyRecord, "keySpec" | "keyId">,
  material: Uint8Array,
): Promise<BroughtMaterial> {
  if (keySpec === "SYMMETRIC_DEFAULT") {
    assertLength(material, BACKING_KEY_LENGTH, BACKING_KEY_LENGTH);
    const key = backingKey(material, keyId);
    key.destroy();
    return { keyMaterialId: key.keyMaterialId };
  }
  if (isHmac(keySpec)) {
    assertLength(material, HMAC_KEY_LENGTHS[keySpec], LONGEST_HMAC_KEY);
    return { keyMaterialId: keyMaterialIdOf(keySpec, material, keyId) };
  }
  const publicKey = await publicKeyOf(keySpec, material);
  return { keyMaterialId: keyMaterialIdOf(keySpec, publicKey, keyId), publicKey };
}

function assertLength(material: Uint8Array, least: number, most: number): void {
  if (material.length >= least && material.length <= most) return;
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  throw new KmsError("IncorrectKeyMaterialException", `The key material must be ${expected} bytes long.`);
}

async function publicKeyOf(keySpec: KeyPairSpec, pkcs8: Uint8Array): Promise<Uint8Array> {
  const { importPrivateKey } = await loadKeyPairAlgorithm(keySpec);
  try {
    const privateKey = await importPrivateKey(pkcs8);
    const { publicKey } = privateKey;
    privateKey.destroy();
    return publicKey;
  } catch (error) {
    if (!(error instanceof KeyPairError)) throw error;
    throw new KmsError(
      "IncorrectKeyMaterialException",
      `The key material must be the private key of a ${keySpec} key pair, as DER of PKCS #8.`,
    );
  }
}
