/** The roots that attestation documents are verified against. */
import { CertificateError, parseCertificate } from "@kmslite/crypto/x509";

/**
 * AWS's root of the Nitro attestation PKI in its commercial partition, "AWS Nitro Enclaves Root-G1": CN=aws.nitro-enclaves, valid until
 * 2049-10-28. DER; its SHA-256 digest, which AWS publishes, is
 * 641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b.
 */
const AWS_NITRO_ENCLAVES_ROOT_G1 =
  "MIICETCCAZagAwIBAgIRAPkxdWgbkK/hHUbMtOTn+FYwCgYIKoZIzj0EAwMwSTELMAkGA1UEBhMCVVMxDzANBgNVBAoMBkFtYXpv" +
  "bjEMMAoGA1UECwwDQVdTMRswGQYDVQQDDBJhd3Mubml0cm8tZW5jbGF2ZXMwHhcNMTkxMDI4MTMyODA1WhcNNDkxMDI4MTQyODA1" +
  "WjBJMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGQW1hem9uMQwwCgYDVQQLDANBV1MxGzAZBgNVBAMMEmF3cy5uaXRyby1lbmNsYXZl" +
  "czB2MBAGByqGSM49AgEGBSuBBAAiA2IABPwCVOumCMHzaHDimtqQvkY4MpJzbolL//Zy2YlES1BR5TSksfbb48C8WBoyt7F2Bw7e" +
  "EtaaP+ohG2bnUs990d0JX28TcPQXCEPZ3BABIeTPYwEoCWZEh8l5YoQwTcU/9KNCMEAwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4E" +
  "FgQUkCW1DdkFR+eWw5b6cp3PmanfS5YwDgYDVR0PAQH/BAQDAgGGMAoGCCqGSM49BAMDA2kAMGYCMQCjfy+Rocm9Xue4YnwWmNJV" +
  "A44fA0P5W2OpYow9OYCVRaEevL8uO1XYru5xtMPWrfMCMQCi85sWBbJwKKXdS6BptQFuZbT73o/gBh1qUxl/nNr12UO8Yfwr6wPL" +
  "b+6NIwLz3/Y=";

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** AWS's own root, for services that are given no other. */
export function awsNitroRoots(): readonly Uint8Array[] {
  return [bytesOf(AWS_NITRO_ENCLAVES_ROOT_G1)];
}

/**
 * The DER of every certificate that was given.
 *
 * @param roots DER, or text with any number of certificates in PEM (RFC 7468 §5)
 * @throws {RangeError} if one of them is not a certificate that documents can be verified against
 */
export function nitroRootsOf(roots: readonly (Uint8Array | string)[]): readonly Uint8Array[] {
  const certificates = roots.flatMap((root) => (typeof root === "string" ? fromPem(root) : [root.slice()]));
  for (const certificate of certificates) {
    try {
      parseCertificate(certificate);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      throw new RangeError(`Nitro root: ${error.message}`);
    }
  }
  return certificates;
}

function fromPem(text: string): Uint8Array[] {
  const found = [...text.matchAll(PEM)].map(([, base64 = ""]) => base64);
  if (found.length === 0) throw new RangeError("Nitro root: expected certificates in PEM, got none");
  try {
    return found.map(bytesOf);
  } catch {
    throw new RangeError("Nitro root: expected base64 in PEM, got other text");
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
