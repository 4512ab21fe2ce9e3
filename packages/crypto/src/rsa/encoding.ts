/**
 * The encodings of a digest that RSA signs: EMSA-PSS (RFC 8017 §9.1) with a salt as long as the hash and MGF1 with the
 * same hash, and EMSA-PKCS1-v1_5 (§9.2).
 */
import { DerTag, der, derSequence } from "../asn1/der.ts";
import { equalConstantTime } from "../constant-time.ts";
import type { RsaHash } from "./hash.ts";

/** 2.16.840.1.101.3.4.2, the arc of the SHA-2 family, without its last byte. */
const SHA2_ARC = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/**
 * EMSA-PKCS1-v1_5: 0x00 0x01 0xff … 0x00 DigestInfo.
 *
 * @param length of the modulus in bytes
 * @returns `length` bytes
 */
export function encodePkcs1(hash: RsaHash, digest: Uint8Array, length: number): Uint8Array {
  const name = der(DerTag.objectIdentifier, Uint8Array.of(...SHA2_ARC, hash.identifier));
  const digestInfo = derSequence(derSequence(name, der(DerTag.null)), der(DerTag.octetString, digest));
  const encoded = new Uint8Array(length).fill(0xff);
  encoded[0] = 0;
  encoded[1] = 1;
  encoded[length - digestInfo.length - 1] = 0;
  encoded.set(digestInfo, length - digestInfo.length);
  return encoded;
}

/**
 * EMSA-PSS-ENCODE.
 *
 * @param salt   as long as the digest
 * @param length of the modulus in bytes; the modulus has all of their bits
 * @returns `length` bytes, the topmost bit zero
 */
export function encodePss(hash: RsaHash, digest: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const H = hashSalted(hash, digest, salt);
  const maskedLength = length - H.length - 1;
  const encoded = new Uint8Array(length);
  encoded[maskedLength - salt.length - 1] = 1;
  encoded.set(salt, maskedLength - salt.length);
  applyMask(hash, encoded.subarray(0, maskedLength), H);
  encoded.set(H, maskedLength);
  encoded[length - 1] = 0xbc;
  return encoded;
}

/** EMSA-PSS-VERIFY. @param encoded as long as the modulus */
export function verifyPss(hash: RsaHash, digest: Uint8Array, encoded: Uint8Array): boolean {
  const hashLength = digest.length;
  const maskedLength = encoded.length - hashLength - 1;
  if (encoded.at(-1) !== 0xbc || (encoded[0] as number) >= 0x80) return false;
  const H = encoded.subarray(maskedLength, maskedLength + hashLength);
  const block = encoded.slice(0, maskedLength);
  applyMask(hash, block, H);
  const padding = maskedLength - hashLength - 1;
  if (block[padding] !== 1 || block.subarray(0, padding).some((byte) => byte !== 0)) return false;
  return equalConstantTime(H, hashSalted(hash, digest, block.subarray(padding + 1)));
}

/** H = Hash(eight zeros ‖ mHash ‖ salt), §9.1.1 steps 5 and 6. */
function hashSalted({ hash }: RsaHash, digest: Uint8Array, salt: Uint8Array): Uint8Array {
  const message = new Uint8Array(8 + digest.length + salt.length);
  message.set(digest, 8);
  message.set(salt, 8 + digest.length);
  return hash(message);
}

/** Adds MGF1 (appendix B.2.1) of the seed, and clears the bit that the modulus has more than the encoding (steps 9 to 11). */
function applyMask({ hash }: RsaHash, block: Uint8Array, seed: Uint8Array): void {
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  for (let counter = 0, offset = 0; offset < block.length; counter++) {
    new DataView(input.buffer).setUint32(seed.length, counter);
    const mask = hash(input);
    for (let index = 0; index < mask.length && offset < block.length; index++, offset++) {
      block[offset] = (block[offset] as number) ^ (mask[index] as number);
    }
  }
  block[0] = (block[0] as number) & 0x7f;
}
