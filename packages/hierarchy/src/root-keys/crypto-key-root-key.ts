/** A root key in the platform's keeping: a Web Crypto key that scripts can use and, if it is not extractable, never read. */
import { platformRandom } from "../cryptography.ts";
import { HierarchyError } from "../errors.ts";
import type { RootKey } from "./root-key.ts";

const ALGORITHM = "AES-GCM";
const IV_LENGTH = 12;

/** The key, and the name it goes by for ever. */
export interface NamedCryptoKey {
  /** 1 to 128 characters; the same for the same key. */
  readonly id: string;
  readonly key: CryptoKey;
}

/**
 * A root key over an AES-GCM key of Web Crypto. What it wraps is `IV ‖ ciphertext ‖ tag`, under a random IV of 12 bytes.
 *
 * @throws {TypeError} unless the key is for AES-GCM, encrypting and decrypting
 */
export function cryptoKeyRootKey({ id, key }: NamedCryptoKey): RootKey {
  const fits = key.algorithm.name === ALGORITHM && ["encrypt", "decrypt"].every((use) => usable(key, use));
  if (!fits) throw new TypeError("Root key: expected an AES-GCM key that may encrypt and decrypt");
  return {
    id: `crypto-key:${id}`,
    wrap: async (plaintext, aad) => {
      const iv = platformRandom(IV_LENGTH);
      const sealed = await crypto.subtle.encrypt(parameters(iv, aad), key, plaintext as Source);
      const wrapped = new Uint8Array(IV_LENGTH + sealed.byteLength);
      wrapped.set(iv);
      wrapped.set(new Uint8Array(sealed), IV_LENGTH);
      return wrapped;
    },
    unwrap: async (wrapped, aad) => {
      const iv = wrapped.subarray(0, IV_LENGTH);
      try {
        return new Uint8Array(
          await crypto.subtle.decrypt(parameters(iv, aad), key, wrapped.subarray(IV_LENGTH) as Source),
        );
      } catch {
        // Web Crypto says of no failure what it was.
        throw new HierarchyError("WrongRootKey", "The root key does not open this wrapped key");
      }
    },
  };
}

/** A new AES-256-GCM key that no script can read, with a random name. */
export async function newCryptoKey(): Promise<NamedCryptoKey> {
  const algorithm = { name: ALGORITHM, length: 256 };
  const key = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  return { id: crypto.randomUUID(), key };
}

type Source = Uint8Array<ArrayBuffer>;

function parameters(iv: Uint8Array, aad: Uint8Array): AesGcmParams {
  return { name: ALGORITHM, iv: iv as Source, additionalData: aad as Source };
}

function usable(key: CryptoKey, use: string): boolean {
  return (key.usages as readonly string[]).includes(use);
}
