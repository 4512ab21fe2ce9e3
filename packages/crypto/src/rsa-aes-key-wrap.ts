/**
 * RSA AES key wrap, the KMS's `RSA_AES_KEY_WRAP_SHA_1` and `_SHA_256` (PKCS #11 v3.1 §6.1.20, CKM_RSA_AES_KEY_WRAP): an
 * AES key encrypted by RSAES-OAEP, then the key that is transported, wrapped under it by KWP.
 */
import type { PrivateKey } from "./key-pair.ts";
import { KeyPairError } from "./key-pair-error.ts";
import { KeyUnwrapError, unwrapKeyPadded } from "./key-wrap.ts";

/** OAEP with this hash, for its label as for MGF1. */
export type OaepAlgorithm = "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256";

/**
 * @param wrappingKey   an RSA key
 * @param modulusLength of that key in bytes; the encrypted AES key is as long
 * @param wrapped       encrypted AES key ‖ wrapped key
 * @returns the key that was wrapped
 * @throws {KeyPairError} `InvalidCiphertext`, whichever of the two does not open
 */
export async function unwrapRsaAesKey(
  wrappingKey: PrivateKey,
  modulusLength: number,
  algorithm: OaepAlgorithm,
  wrapped: Uint8Array,
): Promise<Uint8Array> {
  const aesKey = await wrappingKey.decrypt(algorithm, wrapped.subarray(0, modulusLength));
  try {
    return unwrapKeyPadded(aesKey, wrapped.subarray(modulusLength));
  } catch (error) {
    // A range error is an AES key of a length that AES does not have.
    if (!(error instanceof KeyUnwrapError || error instanceof RangeError)) throw error;
    throw new KeyPairError("InvalidCiphertext", "wrapped key does not unwrap");
  } finally {
    aesKey.fill(0);
  }
}
