/**
 * The root key file: 32 random bytes, either as they are or behind a passphrase.
 *
 * As they are, the file's mode (0600) is all that protects them, so whoever copies the whole folder has everything.
 * Behind a passphrase (scrypt), a copy is worthless without it.
 */
import {
  createPassphraseFile,
  HierarchyError,
  openPassphraseFile,
  type RootKey,
  secretRootKey,
} from "@kmslite/hierarchy";
import { SetupError } from "./setup-error.ts";

/** Asked for only if the file needs it; `undefined` if there is none to be had. */
export type AskPassphrase = () => Promise<string | undefined>;

const FORMAT = "kmslite-root-key";
const PASSPHRASE_FORMAT = "kmslite-passphrase-root-key";
const SECRET_LENGTH = 32;

/** The text of a new root key file around fresh random bytes. */
export async function newRootKeyFile(passphrase: string | undefined): Promise<string> {
  if (passphrase !== undefined) return createPassphraseFile(passphrase);
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH));
  const text = JSON.stringify(
    { format: FORMAT, version: 1, secret: Buffer.from(secret).toString("hex") },
    null,
    2,
  );
  secret.fill(0);
  return `${text}\n`;
}

/**
 * Opens a root key file.
 *
 * @param path       for messages
 * @param passphrase asked for only if the file is of that kind; `given` tells that the caller wants one to be needed
 * @throws {SetupError} `MalformedFile`, `PassphraseNeeded`, `WrongPassphrase` or `NoPassphraseWanted`
 */
export async function openRootKeyFile(
  text: string,
  path: string,
  passphrase: { readonly ask: AskPassphrase; readonly given: boolean },
): Promise<RootKey> {
  const file = parse(text);
  if (file?.format === PASSPHRASE_FORMAT) return openWithPassphrase(text, path, passphrase.ask);
  const secret = file?.format === FORMAT && file.version === 1 ? secretOf(file.secret) : undefined;
  if (secret === undefined) {
    throw new SetupError("MalformedFile", `${path} is not a root key file of version 1, or it is damaged`);
  }
  try {
    // Somebody who gives a passphrase believes that the file is protected by it.
    if (passphrase.given) {
      throw new SetupError(
        "NoPassphraseWanted",
        `a passphrase was given, but ${path} is not protected by one`,
      );
    }
    return secretRootKey(secret);
  } finally {
    secret.fill(0);
  }
}

async function openWithPassphrase(text: string, path: string, ask: AskPassphrase): Promise<RootKey> {
  const passphrase = await ask();
  if (passphrase === undefined) {
    throw new SetupError("PassphraseNeeded", `${path} is protected by a passphrase, and none was given`);
  }
  try {
    return await openPassphraseFile(text, passphrase);
  } catch (error) {
    if (!(error instanceof HierarchyError)) throw error;
    if (error.code === "WrongPassphrase") {
      throw new SetupError("WrongPassphrase", `the passphrase does not open ${path}`, { cause: error });
    }
    throw new SetupError("MalformedFile", `${path}: ${error.message}`, { cause: error });
  }
}

function parse(
  text: string,
): { readonly format?: unknown; readonly version?: unknown; readonly secret?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function secretOf(hex: unknown): Buffer | undefined {
  return typeof hex === "string" && /^[0-9a-f]{64}$/.test(hex) ? Buffer.from(hex, "hex") : undefined;
}
