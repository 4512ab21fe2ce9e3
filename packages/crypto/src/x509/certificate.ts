/**
 * X.509 certificates, version 3 (RFC 5280 §4), signed by ECDSA with SHA-384 (RFC 5758 §3.2). Read as far as verifying a path needs
 * it; a critical extension that is not understood is refused (§4.2).
 */
import { DerError, DerReader, DerTag, der } from "../asn1/der.ts";
import { sameElement } from "../asn1/key-info.ts";
import { CertificateError } from "./certificate-error.ts";

/** What a certificate says, as views of its DER. */
export interface Certificate {
  /** The part that is signed. */
  readonly signedPart: Uint8Array;
  /** DER of Ecdsa-Sig-Value */
  readonly signature: Uint8Array;
  /** Whole elements, compared byte by byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** DER of SubjectPublicKeyInfo */
  readonly publicKey: Uint8Array;
  /** First and last moment of its validity, in milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Whether its subject issues certificates. */
  readonly isAuthority: boolean;
  /** How many authorities may come after it in a path; any number if absent. */
  readonly pathLength: number | undefined;
  /** Whether its key may sign certificates, and other things. */
  readonly signsCertificates: boolean;
  readonly signsData: boolean;
}

type Extensions = Pick<Certificate, "isAuthority" | "pathLength" | "signsCertificates" | "signsData">;

/** Tags of X.690 §8 that no key has. */
const BOOLEAN = 0x01;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const CONTEXT_3 = 0xa3;
/** `[2]`, primitive: subjectUniqueID */
const PRIMITIVE_2 = 0x82;

/** ecdsa-with-SHA384, 1.2.840.10045.4.3.3 (RFC 5758 §3.2) */
const ECDSA_WITH_SHA384 = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03);
/** id-ce-keyUsage, 2.5.29.15 (RFC 5280 §4.2.1.3) */
const KEY_USAGE = "55,1d,0f";
/** id-ce-basicConstraints, 2.5.29.19 (RFC 5280 §4.2.1.9) */
const BASIC_CONSTRAINTS = "55,1d,13";

/** Bits of the first byte of KeyUsage. */
const DIGITAL_SIGNATURE = 0x80;
const KEY_CERT_SIGN = 0x04;

/** @throws {CertificateError} if the bytes are anything else, or more */
export function parseCertificate(bytes: Uint8Array): Certificate {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new CertificateError(`not a certificate: ${error.message}`);
  }
}

function parse(bytes: Uint8Array): Certificate {
  const outer = new DerReader(bytes);
  const certificate = outer.readSequence();
  outer.expectEnd();
  const contents = certificate.read(DerTag.sequence);
  expectAlgorithm(certificate.readSequence());
  const signature = certificate.readBitString();
  certificate.expectEnd();

  const fields = new DerReader(contents);
  expectVersion3(new DerReader(fields.read(DerTag.context0)));
  fields.read(DerTag.integer);
  expectAlgorithm(fields.readSequence());
  const issuer = whole(fields);
  const validity = fields.readSequence();
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.expectEnd();
  const subject = whole(fields);
  const publicKey = whole(fields);
  for (const tag of [DerTag.primitive1, PRIMITIVE_2]) if (fields.nextTag === tag) fields.read(tag);
  const extensions = readExtensions(fields);
  fields.expectEnd();
  const signedPart = der(DerTag.sequence, contents);
  return { signedPart, signature, issuer, subject, publicKey, notBefore, notAfter, ...extensions };
}

/** A SEQUENCE with its head, which DER leaves no choice about. */
function whole(reader: DerReader): Uint8Array {
  return der(DerTag.sequence, reader.read(DerTag.sequence));
}

function expectVersion3(reader: DerReader): void {
  const version = reader.readUnsignedInteger();
  reader.expectEnd();
  if (!sameElement(version, Uint8Array.of(2))) throw new DerError("expected version 3, got another");
}

/** Parameters must be absent (RFC 5758 §3.2). */
function expectAlgorithm(reader: DerReader): void {
  const algorithm = reader.read(DerTag.objectIdentifier);
  reader.expectEnd();
  if (!sameElement(algorithm, ECDSA_WITH_SHA384)) {
    throw new DerError("expected a signature by ecdsa-with-SHA384, got another");
  }
}

/** UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5), both in UTC and with seconds. */
function readTime(reader: DerReader): number {
  const tag = reader.nextTag === GENERALIZED_TIME ? GENERALIZED_TIME : UTC_TIME;
  const text = String.fromCharCode(...reader.read(tag).subarray(0, 20));
  const digits = tag === UTC_TIME ? 2 : 4;
  const match = new RegExp(`^(\\d{${digits}})(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)(\\d\\d)Z$`).exec(text);
  if (match === null) throw new DerError("expected a time in UTC, got something else");
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const century = tag === UTC_TIME ? (year < 50 ? 2000 : 1900) : 0;
  const time = new Date(0);
  time.setUTCFullYear(century + year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  // A day or an hour that does not exist would have become another one.
  if (time.toISOString().replaceAll(/\D/g, "").slice(2, 14) !== match.slice(1).join("").slice(-12)) {
    throw new DerError("expected a time that exists, got another");
  }
  return time.getTime();
}

function readExtensions(fields: DerReader): Extensions {
  let found: Extensions = {
    isAuthority: false,
    pathLength: undefined,
    signsCertificates: false,
    signsData: false,
  };
  if (fields.atEnd) return found;
  const wrapper = new DerReader(fields.read(CONTEXT_3));
  const extensions = wrapper.readSequence();
  wrapper.expectEnd();
  const seen = new Set<string>();
  while (!extensions.atEnd) {
    const extension = extensions.readSequence();
    const name = hex(extension.read(DerTag.objectIdentifier));
    const critical = readDefaultFalse(extension);
    const value = extension.read(DerTag.octetString);
    extension.expectEnd();
    if (seen.has(name)) throw new DerError("an extension stands twice");
    seen.add(name);
    if (name === BASIC_CONSTRAINTS) found = { ...found, ...readBasicConstraints(value) };
    else if (name === KEY_USAGE) found = { ...found, ...readKeyUsage(value) };
    else if (critical) throw new DerError("a critical extension is not known");
  }
  return found;
}

function readBasicConstraints(value: Uint8Array): Pick<Extensions, "isAuthority" | "pathLength"> {
  const outer = new DerReader(value);
  const constraints = outer.readSequence();
  outer.expectEnd();
  const isAuthority = readDefaultFalse(constraints);
  if (constraints.atEnd) return { isAuthority, pathLength: undefined };
  const magnitude = constraints.readUnsignedInteger();
  constraints.expectEnd();
  if (!isAuthority) throw new DerError("expected a path length of authorities alone");
  if (magnitude.length > 1) throw new DerError("expected a path length below 256, got a greater one");
  return { isAuthority, pathLength: magnitude[0] ?? 0 };
}

function readKeyUsage(value: Uint8Array): Pick<Extensions, "signsCertificates" | "signsData"> {
  const outer = new DerReader(value);
  // The first byte counts the unused bits of the last one: those of digitalSignature and keyCertSign are the same anyway.
  const [, bits = 0] = outer.read(DerTag.bitString);
  outer.expectEnd();
  return { signsCertificates: (bits & KEY_CERT_SIGN) !== 0, signsData: (bits & DIGITAL_SIGNATURE) !== 0 };
}

/** BOOLEAN DEFAULT FALSE: DER leaves FALSE out, and writes TRUE as 0xff (X.690 §11.1, §11.5). */
function readDefaultFalse(reader: DerReader): boolean {
  if (reader.nextTag !== BOOLEAN) return false;
  if (!sameElement(reader.read(BOOLEAN), Uint8Array.of(0xff))) {
    throw new DerError("expected TRUE, got another BOOLEAN");
  }
  return true;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join();
}
