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

/** As {@link MessageOptions}, for a message that is done in one call. */
export interface WholeMessageOptions extends MessageOptions {
  /**
   * Where the result goes; a new array unless given. It may begin where the input begins, and must not overlap it otherwise.
   * If opening fails it is wiped.
   */
  readonly output?: Uint8Array | undefined;
}

/** An engine that answers at once, for messages that are done in one call. */
export interface MessageEngine {
  readonly name: EngineName;
  /**
   * Encrypts and authenticates one message.
   *
   * @returns `plaintext.length + tagLength` bytes
   * @throws {RangeError} if a length is outside its range, or `output` is too short or overlaps the input
   */
  seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, options?: WholeMessageOptions): Uint8Array;
  /**
   * Verifies and decrypts one message. No plaintext leaves before the tag was verified.
   *
   * @throws {AuthenticationError} if the tag does not fit
   * @throws {RangeError} as {@link MessageEngine.seal}
   */
  open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, options?: WholeMessageOptions): Uint8Array;
}

/** An engine that answers at once. */
export interface SyncEngine extends MessageEngine {
  /**
   * Prepares a key that is used more than once, or for a message in chunks. Close it when it is no longer needed.
   *
   * @param key 16, 24 or 32 bytes; absorbed, not kept, and the caller's to wipe
   */
  key(key: Uint8Array): AeadKey;
}

/** What an opener keeps. */
export interface OpenerOptions extends MessageOptions {
  /** Bytes of plaintext that it keeps at most until they are verified; 64 MiB unless given. */
  readonly maximumLength?: number | undefined;
}

/**
 * A key that is used more than once: its schedule and hash subkey are made once and kept until it is closed.
 *
 * Its methods throw a TypeError after {@link AeadKey.close}.
 */
export interface AeadKey {
  /** As {@link MessageEngine.seal}. Never use an IV twice under one key. */
  seal(iv: Uint8Array, plaintext: Uint8Array, options?: WholeMessageOptions): Uint8Array;
  /** As {@link MessageEngine.open}. */
  open(iv: Uint8Array, sealed: Uint8Array, options?: WholeMessageOptions): Uint8Array;
  /** Seals a message that comes in chunks. */
  sealer(iv: Uint8Array, options?: MessageOptions): Sealer;
  /** Opens a message that comes in chunks, and releases nothing of it before it is verified. */
  opener(iv: Uint8Array, options?: OpenerOptions): Opener;
  /** Opens a message that comes in chunks, and releases it before it is verified. */
  unverifiedOpener(iv: Uint8Array, options?: MessageOptions): UnverifiedOpener;
  /** Wipes everything that was made of the key, and ends messages that are under way. Closing twice is harmless. */
  close(): void;
}

/** A message that is being sealed. */
export interface Sealer {
  /**
   * Ciphertext, as far as it is known: whole blocks of 16 bytes.
   *
   * @param output where it goes; a new array unless given. As long as the chunk and 15 bytes more is always enough; it must
   *   not overlap the chunk.
   * @throws {RangeError} if `output` is too short, overlaps the chunk or is shared with other threads; the message goes on
   */
  update(chunk: Uint8Array, output?: Uint8Array): Uint8Array;
  /** The rest of the ciphertext ‖ tag. The message is over then. */
  finish(): Uint8Array;
  /** Gives the message up and wipes its state; harmless after the end. */
  abort(): void;
}

/** A message that is being opened. */
export interface Opener {
  /** @throws {RangeError} if more comes than the opener keeps */
  update(chunk: Uint8Array): void;
  /**
   * The whole plaintext. The message is over then.
   *
   * @throws {AuthenticationError} if the tag does not fit; the plaintext is wiped
   */
  finish(): Uint8Array;
  /** As {@link Sealer.abort}. */
  abort(): void;
}

/** A message that is being opened and released before it is verified. */
export interface UnverifiedOpener {
  /**
   * Plaintext that an attacker may have changed: it is genuine only if {@link UnverifiedOpener.finish} does not throw.
   *
   * @param output as of {@link Sealer.update}
   */
  updateUnverified(chunk: Uint8Array, output?: Uint8Array): Uint8Array;
  /**
   * The rest of the plaintext. Everything is verified then.
   *
   * @throws {AuthenticationError} if the tag does not fit: all that was released must be discarded
   */
  finish(): Uint8Array;
  /** As {@link Sealer.abort}. */
  abort(): void;
}

/** An engine that answers later: Web Crypto. */
export interface AsyncEngine {
  readonly name: EngineName;
  /** As {@link SyncEngine.seal}. */
  seal(
    key: Uint8Array,
    iv: Uint8Array,
    plaintext: Uint8Array,
    options?: WholeMessageOptions,
  ): Promise<Uint8Array>;
  /** As {@link SyncEngine.open}. */
  open(
    key: Uint8Array,
    iv: Uint8Array,
    sealed: Uint8Array,
    options?: WholeMessageOptions,
  ): Promise<Uint8Array>;
}

/** The tag does not fit key, IV, AAD and ciphertext. Says no more than that, on purpose. */
export class AuthenticationError extends Error {
  override readonly name = "AuthenticationError";

  constructor() {
    super("AES-GCM authentication failed");
  }
}
