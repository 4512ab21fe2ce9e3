/**
 * The root of the hierarchy, in the manner of an HSM: it wraps and unwraps, and never gives its key out.
 *
 * A provider may keep its key anywhere: in memory, behind a passphrase, in a token, in another KMS.
 */
export interface RootKey {
  /** Names the key, so that a store can say which one it needs. Public; stays the same for the same key. */
  readonly id: string;
  /**
   * Encrypts and authenticates a key.
   *
   * @param plaintext 16 to 64 bytes of key material; remains the caller's to wipe
   * @param aad       what the wrapped key is bound to
   */
  wrap(plaintext: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
  /**
   * Verifies and decrypts a wrapped key.
   *
   * @throws {HierarchyError} `WrongRootKey` if it was wrapped by another root key, for another place, or edited
   */
  unwrap(wrapped: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
  /** Wipes what the provider holds in memory. */
  close?(): void;
}
