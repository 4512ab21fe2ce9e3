/** A certificate that can't be read, or that is not to be relied on. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}
