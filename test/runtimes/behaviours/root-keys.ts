/** Root keys that are asked for anew: they open the store again, and no other does. */
import { createKms, createPassphraseFile, memoryStore, openPassphraseFile, type RootKey } from "kmslite";
import { Absent, hex, moduleOf, type Platform, same } from "./platform.ts";

/** @throws {Absent} where there is not the memory that scrypt is made to need */
export async function passphrase(platform: Platform): Promise<string> {
  const file = await createPassphraseFile("correct horse").catch((error: unknown) => {
    if (error instanceof RangeError && /allocation/i.test(error.message))
      throw new Absent("scrypt needs more memory than there is");
    throw error;
  });
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
