/**
 * HMAC-SHA-256 under a key that is used more than once (FIPS 198-1).
 *
 * Absorbing the padded key costs two of the four compressions of a short message; a prepared key pays for them once.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/** Length of an HMAC-SHA-256 tag in bytes. */
export const HMAC_SHA256_LENGTH = 32;

/** A prepared HMAC-SHA-256 key. Holds secrets: call {@link HmacSha256Key.destroy} when it is no longer needed. */
export class HmacSha256Key {
  readonly #prepared: ReturnType<typeof hmac.create>;

  /** @param key 1 byte or more; it is absorbed, not kept, and remains the caller's to wipe */
  constructor(key: Uint8Array) {
    if (key.length === 0) throw new RangeError("HMAC key: expected at least 1 byte, got 0");
    this.#prepared = hmac.create(sha256, key);
  }

  /**
   * The tag over the concatenation of `parts`.
   *
   * @returns 32 bytes
   */
  mac(...parts: readonly Uint8Array[]): Uint8Array {
    const state = this.#prepared.clone();
    for (const part of parts) state.update(part);
    const tag = state.digest();
    state.destroy();
    return tag;
  }

  /** Wipes the prepared state. The key can't be used afterwards. */
  destroy(): void {
    this.#prepared.destroy();
  }
}
