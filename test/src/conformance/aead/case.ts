/** One published vector of AES-GCM, whatever file it comes from. */
export interface AeadCase {
  readonly id: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
  /** Absent where the file gives none, because the tag is wrong. */
  readonly plaintext: Uint8Array | undefined;
  readonly ciphertext: Uint8Array;
  /** 4 to 16 bytes. */
  readonly tag: Uint8Array;
  readonly valid: boolean;
}
