/**
 * Why the hierarchy refused.
 *
 * - `WrongRootKey`: the root key does not open what was wrapped under another one
 * - `WrongPassphrase`: the passphrase does not open the root key file
 * - `Malformed`: stored or given bytes do not have the form they should
 * - `Unauthentic`: a key token was edited or moved
 * - `InvalidCiphertext`: a ciphertext blob is not ours, was edited, or has another encryption context
 */
export type HierarchyErrorCode =
  | "WrongRootKey"
  | "WrongPassphrase"
  | "Malformed"
  | "Unauthentic"
  | "InvalidCiphertext";

/** The only error that the hierarchy throws for what it was given to open. Never carries key material. */
export class HierarchyError extends Error {
  override readonly name = "HierarchyError";
  readonly code: HierarchyErrorCode;

  constructor(code: HierarchyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
