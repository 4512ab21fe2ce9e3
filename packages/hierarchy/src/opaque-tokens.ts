/**
 * Tokens that callers keep and bring back. They are no secrets, but nobody else can make one.
 *
 * `body ‖ tag (32)`. The tag is HMAC-SHA-256 under a key that is derived from the record key for one purpose, so that a
 * token of one kind is never taken for one of another, nor for a record. Record tags begin with the length of a store key,
 * which is at most 512; a purpose begins with a letter, which is more.
 */
import { equalConstantTime, HMAC_SHA256_LENGTH, HmacSha256Key } from "@kmslite/crypto";

/** Makes and recognizes the tokens of one purpose. Holds a secret: call {@link OpaqueTokens.destroy}. */
export class OpaqueTokens {
  readonly #key: HmacSha256Key;

  /** @param purpose printable ASCII that begins with a letter; never change it for tokens that are out there */
  constructor(recordKey: HmacSha256Key, purpose: string) {
    const derived = recordKey.mac(new TextEncoder().encode(purpose));
    this.#key = new HmacSha256Key(derived);
    derived.fill(0);
  }

  /** The token: 32 bytes longer than its body. */
  seal(body: Uint8Array): Uint8Array {
    const token = new Uint8Array(body.length + HMAC_SHA256_LENGTH);
    token.set(body);
    token.set(this.#key.mac(body), body.length);
    return token;
  }

  /** The body of a token, or `undefined` if it is none of ours. */
  open(token: Uint8Array): Uint8Array | undefined {
    if (token.length < HMAC_SHA256_LENGTH) return undefined;
    const body = token.subarray(0, token.length - HMAC_SHA256_LENGTH);
    return equalConstantTime(token.subarray(body.length), this.#key.mac(body)) ? body : undefined;
  }

  /** Wipes the key. */
  destroy(): void {
    this.#key.destroy();
  }
}
