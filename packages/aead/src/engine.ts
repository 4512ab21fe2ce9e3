/**
 * The one interface of every AES-GCM engine (NIST SP 800-38D).
 *
 * Sealed bytes are ciphertext ‖ tag. Keys are 16, 24 or 32 bytes, IVs 1 byte or more (12 is the fast path), tags 12 to
 * 16 bytes (16 unless said otherwise), AAD of any length.
 */

/** The name of an engine, as benchmarks and conformance reports print it. */
export type EngineName = "typescript" | "wasm-scalar" | "wasm-simd" | "wasm-relaxed-simd" | "webcrypto";

/** Associated data and tag length of one message. */
export interface MessageOptions {
  /** Bytes that are authenticated and not encrypted; empty unless given. */
  readonly aad?: Uint8Array | undefined;
  /** Tag length in bytes, 12 to 16; 16 unless given. */
  readonly tagLength?: number | undefined;
}

/** An engine that answers at once. */
export interface SyncEngine {
  readonly name: EngineName;
  /**
   * Encrypts and authenticates one message.
   *
   * @returns `plaintext.length + tagLength` bytes
   * @throws {RangeError} if a length is outside its range
   */
  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options?: MessageOptions): Uint8Array;
  /**
   * Verifies and decrypts one message. No plaintext leaves before the tag was verified.
   *
   * @throws {AuthenticationError} if the tag does not fit
   * @throws {RangeError} if a length is outside its range
   */
  open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, options?: MessageOptions): Uint8Array;
}

/** An engine that answers later: Web Crypto. */
export interface AsyncEngine {
  readonly name: EngineName;
  /** As {@link SyncEngine.seal}. */
  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options?: MessageOptions): Promise<Uint8Array>;
  /** As {@link SyncEngine.open}. */
  open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, options?: MessageOptions): Promise<Uint8Array>;
}

/** The tag does not fit key, IV, AAD and ciphertext. Says no more than that, on purpose. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";

  constructor() {
    super("AES-GCM authentication failed");
  }
}
