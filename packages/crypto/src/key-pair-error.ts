/** Which rule a key, a message or a ciphertext broke. */
export type KeyPairErrorCode =
  /** not PKCS#8 of the spec that was asked for, or a key whose parts disagree */
  | "InvalidPrivateKey"
  /** not SubjectPublicKeyInfo of the spec, or a point that is not on its curve */
  | "InvalidPublicKey"
  /** a digest, μ or plaintext of the wrong length */
  | "InvalidMessage"
  /** does not decrypt; it is never said why */
  | "InvalidCiphertext"
  /** the key's spec has no such algorithm, or the algorithm takes no such message type */
  | "UnsupportedAlgorithm";

/** The one error of key pairs. Its message holds lengths and names, never secrets. */
export class KeyPairError extends Error {
  override readonly name = "KeyPairError";
  readonly code: KeyPairErrorCode;

  constructor(code: KeyPairErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Runs a parser of keys, and makes whatever it throws a {@link KeyPairError} of that code.
 *
 * Curve libraries throw errors of their own for points and numbers that are out of range.
 */
export function parsing<T>(code: KeyPairErrorCode, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof KeyPairError) throw error;
    throw new KeyPairError(code, `${what}: ${error instanceof Error ? error.message : "not readable"}`);
  }
}
