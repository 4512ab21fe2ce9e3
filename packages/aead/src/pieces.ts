/**
 * One message in pieces, as an engine runs it: what the incremental interface is built on. Every piece but the last is whole
 * blocks of 16 bytes. After {@link Pieces.wipe}, and after the key was closed, nothing may be called any more.
 */
export interface Pieces {
  /** Encrypts a piece into `output`, which is as long, and authenticates its ciphertext. */
  seal(piece: Uint8Array, output: Uint8Array): void;
  /** Authenticates a piece and decrypts it into `output`, which is as long. Nothing says yet that it is genuine. */
  open(piece: Uint8Array, output: Uint8Array): void;
  /** Ends sealing: the tag, 16 bytes. */
  tag(): Uint8Array;
  /** Ends opening: whether `tag`, 12 to 16 bytes, fits; all of its bytes are compared, whichever differ. */
  verify(tag: Uint8Array): boolean;
  /** Wipes the message's state. */
  wipe(): void;
}
