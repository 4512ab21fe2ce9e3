/** The file of `--nitro-root`: which roots attestation documents are verified against. */
import { X509Certificate } from "node:crypto";
import { CommandError, EXIT } from "./exit-codes.ts";
import { readNamedFile } from "./options.ts";

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Every certificate of the file, in PEM; checked here, before anything is made of the data folder. */
export async function nitroRootsOf(file: string): Promise<readonly string[]> {
  const certificates = (await readNamedFile(file)).match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0 || !certificates.every(isAuthority)) {
    throw new CommandError(EXIT.file, `${file}: expected certificates in PEM, got something else`);
  }
  return certificates;
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}
