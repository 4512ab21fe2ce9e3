/** A root key from a 32-byte secret: what a serverless platform hands over as an environment variable. */
import { bytesToHex, HmacSha256Key, hexToBytes, utf8ToBytes } from "@kmslite/crypto";
import { type Cryptography, platformCryptography, platformRandom } from "../cryptography.ts";
import { unwrapKeyBytes, wrapKeyBytes } from "../derived-key-aead.ts";
import { HierarchyError } from "../errors.ts";
import type { RootKey } from "./root-key.ts";

/** Length of the secret in bytes. */
export const ROOT_SECRET_LENGTH = 32;

const LABEL = "KMSLite root";

/**
 * A root key over a secret of 32 bytes.
 *
 * @param secret       uniformly random; absorbed, not kept, and the caller's to wipe
 * @param cryptography cipher and randomness; the platform's best unless given
 * @throws {RangeError} if the secret is not 32 bytes long
 */
export function secretRootKey(secret: Uint8Array, cryptography?: Cryptography): RootKey {
  if (secret.length !== ROOT_SECRET_LENGTH) {
    throw new RangeError(`Root key secret: expected ${ROOT_SECRET_LENGTH} bytes, got ${secret.length}`);
  }
  const key = new HmacSha256Key(secret);
  const used = async (): Promise<Cryptography> => cryptography ?? platformCryptography();
  return {
    id: `secret:${bytesToHex(key.mac(utf8ToBytes("KMSLite root key id")).subarray(0, 16))}`,
    wrap: async (plaintext, aad) => wrapKeyBytes(await used(), key, LABEL, aad, plaintext),
    unwrap: async (wrapped, aad) => {
      const plaintext = unwrapKeyBytes(await used(), key, LABEL, aad, wrapped);
      if (plaintext === undefined) {
        throw new HierarchyError("WrongRootKey", "The root key does not open this wrapped key");
      }
      return plaintext;
    },
    close: () => key.destroy(),
  };
}

/**
 * A root key from a text of 32 bytes, as environment variables and secret managers hold them.
 *
 * @param text 64 hexadecimal digits, or 44 characters of base64
 * @throws {RangeError} if it is neither; the message does not repeat it
 */
export function rootKeyFromText(text: string, cryptography?: Cryptography): RootKey {
  const trimmed = text.trim();
  const isHex = /^[0-9A-Fa-f]{64}$/.test(trimmed);
  if (!isHex && !/^[A-Za-z0-9+/]{43}=$/.test(trimmed))
    throw new RangeError("Root key: expected 32 bytes, as 64 hex digits or 44 characters of base64");
  const secret = isHex
    ? hexToBytes(trimmed)
    : Uint8Array.from(atob(trimmed), (character) => character.charCodeAt(0));
  try {
    return secretRootKey(secret, cryptography);
  } finally {
    secret.fill(0);
  }
}

/** A root key that is gone with the process: for tests and trials. */
export function ephemeralRootKey(): RootKey {
  const secret = platformRandom(ROOT_SECRET_LENGTH);
  const rootKey = secretRootKey(secret);
  secret.fill(0);
  return rootKey;
}
