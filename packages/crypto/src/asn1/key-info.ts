/**
 * The two envelopes of keys: PKCS#8 PrivateKeyInfo (RFC 5958, version 2 with its public key included) and X.509
 * SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
 */
import { DerError, DerReader, DerTag, der, derBitString, derSequence } from "./der.ts";

/** What both envelopes say of a key, as views of the DER. */
export interface KeyInfo {
  /** contents of the algorithm's OBJECT IDENTIFIER */
  readonly algorithm: Uint8Array;
  /** the algorithm's parameters, a whole element; undefined if there are none */
  readonly parameters: Uint8Array | undefined;
  /** the key itself, in the format of its algorithm */
  readonly key: Uint8Array;
}

/** A private key, with the public key that RFC 5958 lets it carry. */
export interface PrivateKeyInfo extends KeyInfo {
  readonly publicKey: Uint8Array | undefined;
}

/** @throws {DerError} if the bytes are anything else, or more */
export function parsePublicKeyInfo(spki: Uint8Array): KeyInfo {
  const outer = new DerReader(spki);
  const info = outer.readSequence();
  outer.expectEnd();
  const algorithm = parseAlgorithm(info.readSequence());
  const key = info.readBitString();
  info.expectEnd();
  return { ...algorithm, key };
}

/** @throws {DerError} if the bytes are anything else, or more */
export function parsePrivateKeyInfo(pkcs8: Uint8Array): PrivateKeyInfo {
  const outer = new DerReader(pkcs8);
  const info = outer.readSequence();
  outer.expectEnd();
  const version = info.readUnsignedInteger();
  const isSecond = version.length === 1 && version[0] === 1;
  if (version.length !== 0 && !isSecond) throw new DerError("expected PKCS#8 version 0 or 1, got another");
  const algorithm = parseAlgorithm(info.readSequence());
  const key = info.read(DerTag.octetString);
  // Attributes say nothing that a key is used by.
  if (info.nextTag === DerTag.context0) info.read(DerTag.context0);
  let publicKey: Uint8Array | undefined;
  // RFC 5958 §2: the version is 1 if the public key is present, else 0.
  if (isSecond) {
    const bits = info.read(DerTag.primitive1);
    if (bits[0] !== 0) throw new DerError(`expected 0 unused bits, got ${bits[0] ?? "none said"}`);
    publicKey = bits.subarray(1);
  }
  info.expectEnd();
  return { ...algorithm, key, publicKey };
}

/** @param algorithm a whole AlgorithmIdentifier */
export function encodePublicKeyInfo(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return derSequence(algorithm, derBitString(key));
}

/** PKCS#8 version 1 (number 0), which every reader knows. @param algorithm a whole AlgorithmIdentifier */
export function encodePrivateKeyInfo(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return derSequence(der(DerTag.integer, Uint8Array.of(0)), algorithm, der(DerTag.octetString, key));
}

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). @param parameters a whole element, or none */
export function encodeAlgorithm(objectIdentifier: Uint8Array, parameters?: Uint8Array): Uint8Array {
  const name = der(DerTag.objectIdentifier, objectIdentifier);
  return parameters === undefined ? derSequence(name) : derSequence(name, parameters);
}

/** Whether two elements, or the contents of two OBJECT IDENTIFIERs, are the same. They are public. */
export function sameElement(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function parseAlgorithm(reader: DerReader): Omit<KeyInfo, "key"> {
  const algorithm = reader.read(DerTag.objectIdentifier);
  const tag = reader.nextTag;
  const parameters = tag === undefined ? undefined : der(tag, reader.read(tag));
  reader.expectEnd();
  return { algorithm, parameters };
}
