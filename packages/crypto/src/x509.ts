/**
 * Verification of a certification path (RFC 5280 §6.1) of P-384 keys: from a root that is trusted because it is known, by any
 * number of authorities, to a key that signs data. No policies, no name constraints, no revocation.
 */
import { sameElement } from "./asn1/key-info.ts";
import { eccNistP384 } from "./ecdsa.ts";
import type { PublicKey } from "./key-pair.ts";
import { KeyPairError } from "./key-pair-error.ts";
import { type Certificate, parseCertificate } from "./x509/certificate.ts";
import { CertificateError } from "./x509/certificate-error.ts";

export { type Certificate, parseCertificate } from "./x509/certificate.ts";
export { CertificateError } from "./x509/certificate-error.ts";

/** A path as it is presented. All certificates are DER. */
export interface CertificationPath {
  /** The certificate of the key that signed something. */
  readonly target: Uint8Array;
  /** Its authorities, the root first, the issuer of the target last. */
  readonly authorities: readonly Uint8Array[];
}

/**
 * @param roots DER of the certificates that are trusted; the path must begin with one of them, byte for byte
 * @param now   milliseconds since 1970
 * @returns the key of the target
 * @throws {CertificateError} if the path does not hold
 */
export async function verifyPath(
  { target, authorities }: CertificationPath,
  roots: readonly Uint8Array[],
  now: number,
): Promise<PublicKey> {
  const [root] = authorities;
  if (!roots.some((trusted) => sameElement(trusted, root))) {
    throw new CertificateError("the path does not begin at a trusted root");
  }
  const chain = authorities.map(parseCertificate);
  const leaf = parseCertificate(target);
  let issuer: Issuer | undefined;
  for (const [index, certificate] of chain.entries()) {
    expectInPeriod(certificate, now);
    expectAuthority(certificate, chain.length - 1 - index);
    await expectIssued(certificate, issuer);
    issuer = { certificate, key: await keyOf(certificate) };
  }
  expectInPeriod(leaf, now);
  expectTarget(leaf);
  await expectIssued(leaf, issuer);
  return await keyOf(leaf);
}

/** What a certificate is checked with. */
interface Issuer {
  readonly certificate: Certificate;
  readonly key: PublicKey;
}

function expectInPeriod({ notBefore, notAfter }: Certificate, now: number): void {
  if (now < notBefore) throw new CertificateError("a certificate is not valid yet");
  if (now > notAfter) throw new CertificateError("a certificate has expired");
}

/** @param following how many authorities come after it in the path */
function expectAuthority(certificate: Certificate, following: number): void {
  const { isAuthority, signsCertificates, pathLength } = certificate;
  if (!isAuthority || !signsCertificates) {
    throw new CertificateError("a certificate in the path may not issue certificates");
  }
  if (pathLength !== undefined && following > pathLength) {
    throw new CertificateError("the path is longer than one of its authorities allows");
  }
}

function expectTarget({ isAuthority, signsData }: Certificate): void {
  if (isAuthority) throw new CertificateError("an authority may not sign data");
  if (!signsData) throw new CertificateError("the key of the certificate may not sign data");
}

/** @param issuer absent for the root, which is trusted for being known */
async function expectIssued(certificate: Certificate, issuer: Issuer | undefined): Promise<void> {
  if (issuer === undefined) return;
  if (!sameElement(certificate.issuer, issuer.certificate.subject)) {
    throw new CertificateError("a certificate is not by the one before it in the path");
  }
  if (!(await issuer.key.verify("ECDSA_SHA_384", certificate.signedPart, "RAW", certificate.signature))) {
    throw new CertificateError("the signature of a certificate is not valid");
  }
}

async function keyOf({ publicKey }: Certificate): Promise<PublicKey> {
  try {
    return await eccNistP384.importPublicKey(publicKey);
  } catch (error) {
    if (!(error instanceof KeyPairError)) throw error;
    throw new CertificateError("expected a key on P-384 in every certificate, got another");
  }
}
