import type { GeneratedKeyPair, RandomBytes } from "../key-pair.ts";
import { encodeEcPrivateKey, encodeEcPublicKey, parseEcPublicKey } from "./key-format.ts";
import type { NamedCurve } from "./named-curve.ts";

/** A key pair from fresh randomness (FIPS 186-5 §A.2.1: half a field's bits more than needed, reduced). */
export function generateEcKeyPair(curve: NamedCurve, random: RandomBytes): GeneratedKeyPair {
  const scalar = randomScalar(curve, random);
  const point = curve.arithmetic.getPublicKey(scalar, false);
  const pair = {
    privateKey: encodeEcPrivateKey(curve, { scalar, point }),
    publicKey: encodeEcPublicKey(curve, point),
  };
  scalar.fill(0);
  return pair;
}

/**
 * ECDH with the cofactor 1 (NIST SP 800-56A §5.7.1.2).
 *
 * @param peerPublicKey DER of SubjectPublicKeyInfo
 * @returns the x-coordinate, as long as the field
 * @throws {KeyPairError} `InvalidPublicKey`
 */
export function sharedCoordinate(
  curve: NamedCurve,
  scalar: Uint8Array,
  peerPublicKey: Uint8Array,
): Uint8Array {
  const peer = parseEcPublicKey(curve, peerPublicKey);
  return curve.arithmetic.getSharedSecret(scalar, peer, true).slice(1);
}

function randomScalar(curve: NamedCurve, random: RandomBytes): Uint8Array {
  const { arithmetic } = curve;
  const seed = random(arithmetic.lengths.seed ?? 2 * curve.fieldLength);
  const scalar = arithmetic.utils.randomSecretKey(seed);
  seed.fill(0);
  return scalar;
}
