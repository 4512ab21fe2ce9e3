/** Keys of published vectors as the KMS has them: PKCS#8 and SubjectPublicKeyInfo, written by hand where vectors don't. */
import {
  type KeyPairAlgorithm,
  KeyPairError,
  type KeyPairErrorCode,
  type PrivateKey,
  type PublicKey,
} from "@kmslite/crypto/key-pairs";

/** @returns the key, or undefined if it is refused as a key */
export async function publicKey(
  algorithm: KeyPairAlgorithm,
  spki: Uint8Array,
): Promise<PublicKey | undefined> {
  return await unlessRefused("InvalidPublicKey", algorithm.importPublicKey(spki));
}

/** @returns the key, or undefined if it is refused as a key */
export async function privateKey(
  algorithm: KeyPairAlgorithm,
  pkcs8: Uint8Array,
): Promise<PrivateKey | undefined> {
  return await unlessRefused("InvalidPrivateKey", algorithm.importPrivateKey(pkcs8));
}

/** @returns what was promised, or undefined if it was refused with this code; other errors are the caller's */
export async function unlessRefused<T>(code: KeyPairErrorCode, promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof KeyPairError && error.code === code) return undefined;
    throw error;
  }
}

/** A DER element of up to 65,535 bytes. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const bytes = contents.flatMap((part) => [...part]);
  const { length } = bytes;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.of(tag, ...size, ...bytes);
}
