/**
 * Why a KMS on this machine's disk, or over a database, could not be opened.
 *
 * - `NotInitialized`: there is neither a root key file nor a store
 * - `RootKeyMissing`: there is a store, and no root key to open it
 * - `StoreMissing`: there is a root key file, and the store that it belongs to is gone or empty
 * - `WrongRootKey`: the root key does not open the store
 * - `PassphraseNeeded`, `WrongPassphrase`, `NoPassphraseWanted`: the root key file and what was given do not go together
 * - `MalformedFile`: a file is not what it should be
 * - `ExposedFile`: others can read a file that holds secrets
 * - `TwoRootKeys`: a root key was given although there is a root key file
 * - `MalformedStoreUrl`: the URL of a store has not one of the known forms
 * - `DriverMissing`: a package that only this setup needs is not installed, or its native part is not built
 * - `Inaccessible`: the operating system, the store or the root key's KMS refused
 */
export type SetupErrorCode =
  | "NotInitialized"
  | "RootKeyMissing"
  | "StoreMissing"
  | "WrongRootKey"
  | "PassphraseNeeded"
  | "WrongPassphrase"
  | "NoPassphraseWanted"
  | "MalformedFile"
  | "ExposedFile"
  | "TwoRootKeys"
  | "MalformedStoreUrl"
  | "DriverMissing"
  | "Inaccessible";

/** Names files, never what is in them. */
export class SetupError extends Error {
  override readonly name = "SetupError";
  readonly code: SetupErrorCode;

  constructor(code: SetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
