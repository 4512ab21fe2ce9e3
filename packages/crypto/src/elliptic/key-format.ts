/**
 * Keys on named curves: ECPrivateKey (RFC 5915) in PKCS#8, and points (SEC 1 §2.3.3) in SubjectPublicKeyInfo (RFC 5480).
 *
 * Curves that are given by their parameters instead of their name are refused: RFC 5480 §2.1.1 does, and parameters that
 * somebody chose have been an attack (CVE-2020-0601).
 */
import { DerError, DerReader, DerTag, der, derBitString, derSequence } from "../asn1/der.ts";
import {
  encodeAlgorithm,
  encodePrivateKeyInfo,
  encodePublicKeyInfo,
  type KeyInfo,
  parsePrivateKeyInfo,
  parsePublicKeyInfo,
  sameElement,
} from "../asn1/key-info.ts";
import { EC_PUBLIC_KEY } from "../asn1/object-identifiers.ts";
import { parsing } from "../key-pair-error.ts";
import type { NamedCurve } from "./named-curve.ts";

/** An ECPrivateKey has a version of its own, always 1 (RFC 5915 §3). */
const EC_PRIVATE_KEY_VERSION = Uint8Array.of(DerTag.integer, 1, 1);

/** A private key as its number, and the uncompressed point that belongs to it. */
export interface ScalarAndPoint {
  readonly scalar: Uint8Array;
  readonly point: Uint8Array;
}

/**
 * @returns a copy of the private number, and the point that was computed from it
 * @throws {KeyPairError} `InvalidPrivateKey`, also if a public key stands beside and does not belong to it
 */
export function parseEcPrivateKey(curve: NamedCurve, pkcs8: Uint8Array): ScalarAndPoint {
  return parsing("InvalidPrivateKey", `${curve.keySpec} private key`, () => {
    const info = parsePrivateKeyInfo(pkcs8);
    expectCurve(curve, info);
    const outer = new DerReader(info.key);
    const fields = outer.readSequence();
    outer.expectEnd();
    if (!sameElement(fields.readUnsignedInteger(), Uint8Array.of(1))) {
      throw new DerError("expected ECPrivateKey version 1, got another");
    }
    const scalar = fields.read(DerTag.octetString);
    expectLength("private key", scalar, curve.fieldLength);
    if (fields.nextTag === DerTag.context0) {
      const parameters = fields.read(DerTag.context0);
      if (!sameElement(parameters, curveName(curve)))
        throw new DerError("its curve is not that of its envelope");
    }
    const points = info.publicKey === undefined ? [] : [info.publicKey];
    if (fields.nextTag === DerTag.context1) points.push(readInnerPoint(fields.read(DerTag.context1)));
    fields.expectEnd();
    const point = curve.arithmetic.getPublicKey(scalar, false);
    for (const claimed of points) {
      const uncompressed = curve.arithmetic.Point.fromBytes(claimed).toBytes(false);
      if (!sameElement(uncompressed, point)) throw new DerError("its public key does not belong to it");
    }
    return { scalar: scalar.slice(), point };
  });
}

/**
 * @returns the uncompressed point
 * @throws {KeyPairError} `InvalidPublicKey`
 */
export function parseEcPublicKey(curve: NamedCurve, spki: Uint8Array): Uint8Array {
  return parsing("InvalidPublicKey", `${curve.keySpec} public key`, () => {
    const info = parsePublicKeyInfo(spki);
    expectCurve(curve, info);
    return curve.arithmetic.Point.fromBytes(info.key).toBytes(false);
  });
}

export function encodeEcPublicKey(curve: NamedCurve, point: Uint8Array): Uint8Array {
  return encodePublicKeyInfo(ecAlgorithm(curve), point);
}

/** The form that OpenSSL writes: the curve in the envelope, the point inside. */
export function encodeEcPrivateKey(curve: NamedCurve, { scalar, point }: ScalarAndPoint): Uint8Array {
  const inner = derSequence(
    EC_PRIVATE_KEY_VERSION,
    der(DerTag.octetString, scalar),
    der(DerTag.context1, derBitString(point)),
  );
  const pkcs8 = encodePrivateKeyInfo(ecAlgorithm(curve), inner);
  inner.fill(0);
  return pkcs8;
}

function ecAlgorithm(curve: NamedCurve): Uint8Array {
  return encodeAlgorithm(EC_PUBLIC_KEY, curveName(curve));
}

function curveName(curve: NamedCurve): Uint8Array {
  return der(DerTag.objectIdentifier, curve.objectIdentifier);
}

function expectCurve(curve: NamedCurve, info: KeyInfo): void {
  if (!sameElement(info.algorithm, EC_PUBLIC_KEY))
    throw new DerError("expected id-ecPublicKey, got another algorithm");
  if (!sameElement(info.parameters, curveName(curve))) {
    throw new DerError("expected the name of this curve, got another or its parameters");
  }
}

function readInnerPoint(contents: Uint8Array): Uint8Array {
  const reader = new DerReader(contents);
  const point = reader.readBitString();
  reader.expectEnd();
  return point;
}

function expectLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new DerError(`${what}: expected ${length} bytes, got ${bytes.length}`);
}
