/**
 * Sealed tokens: texts that carry what only this store's processes can read, and that none but them can make.
 *
 * `N ‖ C ‖ ciphertext ‖ tag` under a key that is derived from the record key for one purpose: the record key is never replaced, so
 * a token is good for as long as it says itself.
 */
import type { HmacSha256Key } from "@kmslite/crypto";
import type { Cryptography } from "./cryptography.ts";
import { unwrapKeyBytes, wrapKeyBytes } from "./derived-key-aead.ts";

const LABEL = "KMSLite sealed";

/** Makes and opens the tokens of one purpose. Holds a secret: call {@link SealedTokens.destroy}. */
export class SealedTokens {
  readonly #cryptography: Cryptography;
  readonly #key: HmacSha256Key;
  readonly #purpose: Uint8Array;

  /**
   * @param key     derived for this purpose alone; destroyed with the tokens
   * @param purpose never change it for tokens that are out there
   */
  constructor(cryptography: Cryptography, key: HmacSha256Key, purpose: string) {
    this.#cryptography = cryptography;
    this.#key = key;
    this.#purpose = new TextEncoder().encode(purpose);
  }

  /** The token: 80 bytes longer than its body. */
  seal(body: Uint8Array): Uint8Array {
    return wrapKeyBytes(this.#cryptography, this.#key, LABEL, this.#purpose, body);
  }

  /** The body of a token, or `undefined` if it is none of ours. */
  open(token: Uint8Array): Uint8Array | undefined {
    return unwrapKeyBytes(this.#cryptography, this.#key, LABEL, this.#purpose, token);
  }

  /** Wipes the key. */
  destroy(): void {
    this.#key.destroy();
  }
}
