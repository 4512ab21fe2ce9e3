/** A root key behind a passphrase: it opens the store again, and no other does. */
import { createKms, createPassphraseFile, memoryStore, openPassphraseFile, type RootKey } from "kmslite";
import { hex, moduleOf, type Platform, same } from "./platform.ts";

export async function passphrase(platform: Platform): Promise<string> {
  const file = await createPassphraseFile("correct horse");
  const wrong = await openPassphraseFile(file, "wrong horse").then(
    () => "opened",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
  );
  same("with a wrong passphrase", wrong, "WrongPassphrase");
  await opensAgain(platform, () => openPassphraseFile(file, "correct horse"));
  return "a file of scrypt";
}

/** A KMS that was made under a root key is opened under the same one, asked for anew, and decrypts. */
export async function opensAgain(platform: Platform, rootKey: () => Promise<RootKey>): Promise<void> {
  const store = memoryStore();
  const Plaintext = new TextEncoder().encode("under this root key");
  const first = await createKms({ root: await rootKey(), store, ...moduleOf(platform) });
  const { KeyMetadata } = await first.createKey({});
  const { CiphertextBlob } = await first.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext });
  // Not closed: closing would close the store, which is in memory.
  const again = await createKms({ root: await rootKey(), store, ...moduleOf(platform) });
  const opened = await again.decrypt({ CiphertextBlob });
  same("plaintext", hex(opened.Plaintext ?? new Uint8Array()), hex(Plaintext));
  await again.close();
}
