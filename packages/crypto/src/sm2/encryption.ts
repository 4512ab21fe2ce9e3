/**
 * SM2PKE, the public key encryption of GB/T 32918.4-2016, with SM3. Ciphertexts are DER of SEQUENCE { x INTEGER, y INTEGER,
 * hash OCTET STRING, ciphertext OCTET STRING } (GM/T 0009-2012 §7.2): C1, C3, C2 in the standard's names.
 */

import { concatBytes } from "@noble/hashes/utils.js";
import { DerReader, DerTag, der, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import { equalConstantTime } from "../constant-time.ts";
import type { RandomBytes } from "../key-pair.ts";
import { KeyPairError, type KeyPairErrorCode, parsing } from "../key-pair-error.ts";
import { SM2_LENGTH, SM2_NAMED_CURVE, type Sm2Point } from "./curve.ts";
import { sm3 } from "./sm3.ts";

const { Point, utils, lengths } = SM2_NAMED_CURVE.arithmetic;

/** §6.1. @param point the recipient's, uncompressed. @param plaintext 1 byte or more. @returns DER */
export function encryptSm2(point: Uint8Array, plaintext: Uint8Array, random: RandomBytes): Uint8Array {
  if (plaintext.length === 0)
    throw new KeyPairError("InvalidMessage", "SM2PKE plaintext: expected at least 1 byte, got 0");
  for (;;) {
    const seed = random(lengths.seed ?? 2 * SM2_LENGTH);
    const scalar = utils.randomSecretKey(seed);
    const k = Point.Fn.fromBytes(scalar);
    const C1 = Point.BASE.multiply(k).toBytes(false);
    const { x2, y2 } = coordinates(Point.fromBytes(point).multiply(k));
    const t = keyDerivation(x2, y2, plaintext.length);
    for (const secret of [seed, scalar]) secret.fill(0);
    // Step A5: a mask of zeros would leave the plaintext as it is. Of one byte, every 256th is.
    if (t.every((byte) => byte === 0)) continue;
    const C2 = t.map((byte, index) => byte ^ (plaintext[index] as number));
    const C3 = digest(x2, plaintext, y2);
    for (const secret of [x2, y2, t]) secret.fill(0);
    return derSequence(
      derUnsignedInteger(C1.subarray(1, 1 + SM2_LENGTH)),
      derUnsignedInteger(C1.subarray(1 + SM2_LENGTH)),
      der(DerTag.octetString, C3),
      der(DerTag.octetString, C2),
    );
  }
}

/** §7.1. @throws {KeyPairError} `InvalidCiphertext`, one for all reasons */
export function decryptSm2(scalar: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const code: KeyPairErrorCode = "InvalidCiphertext";
  const { C1, C2, C3 } = parsing(code, "SM2PKE ciphertext", () => parseCiphertext(ciphertext));
  const { x2, y2 } = coordinates(C1.multiply(Point.Fn.fromBytes(scalar)));
  const t = keyDerivation(x2, y2, C2.length);
  const plaintext = t.map((byte, index) => byte ^ (C2[index] as number));
  const u = digest(x2, plaintext, y2);
  const isMasked = t.some((byte) => byte !== 0);
  for (const secret of [x2, y2, t]) secret.fill(0);
  if (equalConstantTime(u, C3) && isMasked) return plaintext;
  plaintext.fill(0);
  throw new KeyPairError(code, "SM2PKE ciphertext does not decrypt");
}

/** Fails for a point that is not on the curve, step B1. */
function parseCiphertext(ciphertext: Uint8Array): { C1: Sm2Point; C2: Uint8Array; C3: Uint8Array } {
  const outer = new DerReader(ciphertext);
  const fields = outer.readSequence();
  outer.expectEnd();
  const encoded = new Uint8Array(1 + 2 * SM2_LENGTH);
  encoded[0] = 4;
  for (const end of [1 + SM2_LENGTH, encoded.length]) {
    const coordinate = fields.readUnsignedInteger();
    if (coordinate.length > SM2_LENGTH)
      throw new RangeError(`expected ${SM2_LENGTH} bytes, got ${coordinate.length}`);
    encoded.set(coordinate, end - coordinate.length);
  }
  const C3 = fields.read(DerTag.octetString);
  const C2 = fields.read(DerTag.octetString);
  fields.expectEnd();
  return { C1: Point.fromBytes(encoded), C2, C3 };
}

function coordinates(point: Sm2Point): { x2: Uint8Array; y2: Uint8Array } {
  const bytes = point.toBytes(false);
  return { x2: bytes.subarray(1, 1 + SM2_LENGTH), y2: bytes.subarray(1 + SM2_LENGTH) };
}

/** Hash(x2 ‖ M ‖ y2) */
function digest(x2: Uint8Array, M: Uint8Array, y2: Uint8Array): Uint8Array {
  const input = concatBytes(x2, M, y2);
  const hash = sm3(input);
  input.fill(0);
  return hash;
}

/** The key derivation function of §5.4.3: SM3 of x2 ‖ y2 and a counter, as long as needed. */
function keyDerivation(x2: Uint8Array, y2: Uint8Array, length: number): Uint8Array {
  const input = Uint8Array.of(...x2, ...y2, 0, 0, 0, 0);
  const counter = new DataView(input.buffer, 2 * SM2_LENGTH);
  const output = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += sm3.outputLen) {
    counter.setUint32(0, offset / sm3.outputLen + 1);
    output.set(sm3(input).subarray(0, length - offset), offset);
  }
  input.fill(0);
  return output;
}
