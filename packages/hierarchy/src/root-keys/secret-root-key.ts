/** A root key from a 32-byte secret: what a serverless platform hands over as an environment variable. */
import { HmacSha256Key } from "@kmslite/crypto";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
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

/** A root key that is gone with the process: for tests and trials. */
export function ephemeralRootKey(): RootKey {
  const secret = platformRandom(ROOT_SECRET_LENGTH);
  const rootKey = secretRootKey(secret);
  secret.fill(0);
  return rootKey;
}
