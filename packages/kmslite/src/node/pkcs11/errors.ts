/** What a PKCS#11 library refuses with, as a key store understands it. */
import { HsmError, type HsmErrorCode } from "@kmslite/service/key-stores";

/** PKCS #11 v2.40 §2.1.1, the return values that say something to a key store. */
const CODES: Readonly<Record<number, HsmErrorCode>> = {
  64: "InvalidCiphertext", // CKR_ENCRYPTED_DATA_INVALID
  65: "InvalidCiphertext", // CKR_ENCRYPTED_DATA_LEN_RANGE
  112: "InvalidConfiguration", // CKR_MECHANISM_INVALID
  160: "InvalidCredentials", // CKR_PIN_INCORRECT
  161: "InvalidCredentials", // CKR_PIN_INVALID
  162: "InvalidCredentials", // CKR_PIN_LEN_RANGE
  164: "UserLockedOut", // CKR_PIN_LOCKED
  256: "UserLoggedIn", // CKR_USER_ALREADY_LOGGED_IN
  258: "UserNotFound", // CKR_USER_PIN_NOT_INITIALIZED
};

/** Runs a call of the library; what it throws becomes an {@link HsmError}. */
export function withErrors<Value>(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    if (error instanceof HsmError) throw error;
    const code = (error as { readonly code?: unknown }).code;
    const known = typeof code === "number" ? CODES[code] : undefined;
    throw new HsmError(known ?? "Unavailable", "The PKCS#11 token refused", { cause: error });
  }
}
