/** Certificates as a test's own authority issues them: X.509 version 3, P-384, signed by Node.js (OpenSSL) and not by us. */
import { createHash, type KeyObject, sign } from "node:crypto";

/** A certificate to be. */
export interface CertificateTemplate {
  readonly subject: string;
  readonly issuer: string;
  /** The key that it is about. */
  readonly publicKey: KeyObject;
  /** The key that signs it. */
  readonly signer: KeyObject;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly authority?: boolean;
  readonly pathLength?: number;
  /** First byte of KeyUsage: 0x80 is digitalSignature, 0x04 keyCertSign. */
  readonly keyUsage: number;
  /** More extensions, whole. */
  readonly extensions?: readonly Buffer[];
}

export function certificate(template: CertificateTemplate): Buffer {
  const algorithm = der(0x30, ECDSA_WITH_SHA384);
  const constraints = [
    ...(template.authority === true ? [der(0x01, Buffer.of(0xff))] : []),
    ...(template.pathLength === undefined ? [] : [der(0x02, Buffer.of(template.pathLength))]),
  ];
  const extensions = [
    extension(Buffer.of(0x55, 0x1d, 0x13), true, der(0x30, ...constraints)),
    extension(Buffer.of(0x55, 0x1d, 0x0f), true, der(0x03, Buffer.of(0, template.keyUsage))),
    ...(template.extensions ?? []),
  ];
  const signedPart = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, createHash("sha256").update(template.subject).digest().subarray(0, 16).fill(1, 0, 1)),
    algorithm,
    name(template.issuer),
    der(0x30, utcTime(template.notBefore), utcTime(template.notAfter)),
    name(template.subject),
    template.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = sign("sha384", signedPart, template.signer);
  return der(0x30, signedPart, algorithm, der(0x03, Buffer.of(0), signature));
}

export function extension(identifier: Buffer, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.of(0xff))] : [];
  return der(0x30, der(0x06, identifier), ...flag, der(0x04, value));
}

/** An element of any tag. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  if (body.length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, body.length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, body.length >>> 8, body.length & 0xff), body]);
}

const ECDSA_WITH_SHA384 = der(0x06, Buffer.from("2a8648ce3d040303", "hex"));
const COMMON_NAME = der(0x06, Buffer.from("550403", "hex"));

function name(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

/** Until 2049. */
function utcTime(time: number): Buffer {
  const text = new Date(time).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}
