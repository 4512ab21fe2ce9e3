/**
 * SM2DSA, the digital signature of GB/T 32918.2-2016 (ISO/IEC 14888-3:2018 §6.9), with SM3. Signatures are DER of
 * SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009-2012 §7.3).
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { DerError, DerReader, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import type { RandomBytes } from "../key-pair.ts";
import { curveAndBasePoint, SM2_LENGTH, SM2_NAMED_CURVE } from "./curve.ts";
import { sm3 } from "./sm3.ts";

const { Point, utils, lengths } = SM2_NAMED_CURVE.arithmetic;
const { Fn } = Point;

/** The distinguishing identifier that the KMS uses for every key, which is also OpenSSL's and GM/T 0009-2012 §10's default. */
const USER_ID: Uint8Array = new TextEncoder().encode("1234567812345678");

/**
 * e = SM3(Z ‖ M) as a digest, with Z the hash of the user's identifier, the curve and the public key (GB/T 32918.2 §5.5, §6.1).
 *
 * @param point the signer's, uncompressed
 */
export function sm2Digest(point: Uint8Array, message: Uint8Array): Uint8Array {
  const identifierBits = 8 * USER_ID.length;
  const identity = Uint8Array.of(
    identifierBits >>> 8,
    identifierBits & 0xff,
    ...USER_ID,
    ...curveAndBasePoint(),
    ...point.subarray(1),
  );
  const Z = sm3(identity);
  const input = new Uint8Array(Z.length + message.length);
  input.set(Z);
  input.set(message, Z.length);
  return sm3(input);
}

/** §6.1, steps A3 to A7. @param digest e, 32 bytes. @returns DER */
export function signSm2Digest(scalar: Uint8Array, digest: Uint8Array, random: RandomBytes): Uint8Array {
  const e = Fn.create(toNumber(digest));
  const d = Fn.fromBytes(scalar);
  const inverse = Fn.inv(Fn.add(d, 1n));
  for (;;) {
    const k = nonce(scalar, digest, random);
    const { x } = Point.BASE.multiply(k).toAffine();
    const r = Fn.add(e, Fn.create(x));
    if (r === 0n || Fn.add(r, k) === 0n) continue;
    const s = Fn.mul(inverse, Fn.sub(k, Fn.mul(r, d)));
    if (s === 0n) continue;
    return derSequence(derUnsignedInteger(Fn.toBytes(r)), derUnsignedInteger(Fn.toBytes(s)));
  }
}

/** §7.1. @param point the signer's, uncompressed. @param digest e, 32 bytes. @param signature DER */
export function verifySm2Digest(point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const halves = parseSignature(signature);
  if (halves === undefined) return false;
  const { r, s } = halves;
  const t = Fn.add(r, s);
  if (t === 0n) return false;
  const sum = Point.BASE.mulAddUnsafe(s, Point.fromBytes(point), t);
  if (sum.is0()) return false;
  return Fn.add(Fn.create(toNumber(digest)), Fn.create(sum.toAffine().x)) === r;
}

/**
 * A nonce that is secret as long as either the randomness or the private key is: HMAC of fresh randomness and the digest,
 * keyed with the private key, reduced with 128 bits to spare. SM2 itself asks for randomness only.
 */
function nonce(scalar: Uint8Array, digest: Uint8Array, random: RandomBytes): bigint {
  const fresh = random(SM2_LENGTH);
  const wide = hmac(sha512, scalar, Uint8Array.of(...fresh, ...digest));
  const bytes = utils.randomSecretKey(wide.subarray(0, lengths.seed));
  const k = Fn.fromBytes(bytes);
  for (const secret of [fresh, wide, bytes]) secret.fill(0);
  return k;
}

function parseSignature(signature: Uint8Array): { r: bigint; s: bigint } | undefined {
  try {
    const outer = new DerReader(signature);
    const fields = outer.readSequence();
    outer.expectEnd();
    const r = toNumber(fields.readUnsignedInteger());
    const s = toNumber(fields.readUnsignedInteger());
    fields.expectEnd();
    return Fn.isValidNot0(r) && Fn.isValidNot0(s) ? { r, s } : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function toNumber(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(hex);
}
