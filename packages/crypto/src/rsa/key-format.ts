/**
 * RSA keys: RSAPrivateKey and RSAPublicKey (RFC 8017 appendix A.1) in PKCS#8 and SubjectPublicKeyInfo.
 *
 * Keys of two primes only, as long as their spec says, with a public exponent in the range of FIPS 186-5 §A.1.1.
 */
import { DerError, DerReader, DerTag, der, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import {
  encodeAlgorithm,
  encodePublicKeyInfo,
  type KeyInfo,
  parsePrivateKeyInfo,
  parsePublicKeyInfo,
  sameElement,
} from "../asn1/key-info.ts";
import { RSA_ENCRYPTION } from "../asn1/object-identifiers.ts";
import type { KeyPairSpec } from "../key-pair.ts";
import { parsing } from "../key-pair-error.ts";
import { bitLength, toInteger, toOctets } from "./integers.ts";

/** (n, e), named as in RFC 8017 §3.1. */
export interface RsaPublicNumbers {
  readonly n: bigint;
  readonly e: bigint;
}

/** The second representation of RFC 8017 §3.2, named as there. */
export interface RsaPrivateNumbers extends RsaPublicNumbers {
  readonly p: bigint;
  readonly q: bigint;
  readonly dP: bigint;
  readonly dQ: bigint;
  readonly qInv: bigint;
}

/** One RSA spec. */
export interface RsaSize {
  readonly keySpec: KeyPairSpec;
  readonly modulusBits: number;
}

/** @throws {KeyPairError} `InvalidPrivateKey`, also if the numbers do not belong together */
export function parseRsaPrivateKey(size: RsaSize, pkcs8: Uint8Array): RsaPrivateNumbers {
  return parsing("InvalidPrivateKey", `${size.keySpec} private key`, () => {
    const info = parsePrivateKeyInfo(pkcs8);
    expectRsa(info);
    const outer = new DerReader(info.key);
    const fields = outer.readSequence();
    outer.expectEnd();
    if (fields.readUnsignedInteger().length !== 0) throw new DerError("expected two primes, got more");
    const next = () => toInteger(fields.readUnsignedInteger());
    const [n, e, d, p, q] = [next(), next(), next(), next(), next()];
    const [dP, dQ, qInv] = [next(), next(), next()];
    fields.expectEnd();
    expectPublicNumbers(size, { n, e });
    expectTogether({ n, e, p, q, dP, dQ, qInv }, d);
    return { n, e, p, q, dP, dQ, qInv };
  });
}

/** @throws {KeyPairError} `InvalidPublicKey` */
export function parseRsaPublicKey(size: RsaSize, spki: Uint8Array): RsaPublicNumbers {
  return parsing("InvalidPublicKey", `${size.keySpec} public key`, () => {
    const info = parsePublicKeyInfo(spki);
    expectRsa(info);
    const outer = new DerReader(info.key);
    const fields = outer.readSequence();
    outer.expectEnd();
    const n = toInteger(fields.readUnsignedInteger());
    const e = toInteger(fields.readUnsignedInteger());
    fields.expectEnd();
    expectPublicNumbers(size, { n, e });
    return { n, e };
  });
}

export function encodeRsaPublicKey({ n, e }: RsaPublicNumbers): Uint8Array {
  const numbers = [n, e].map((number) =>
    derUnsignedInteger(toOctets(number, Math.ceil(bitLength(number) / 8))),
  );
  return encodePublicKeyInfo(encodeAlgorithm(RSA_ENCRYPTION, der(DerTag.null)), derSequence(...numbers));
}

function expectRsa(info: KeyInfo): void {
  if (!sameElement(info.algorithm, RSA_ENCRYPTION))
    throw new DerError("expected rsaEncryption, got another algorithm");
  if (!sameElement(info.parameters, der(DerTag.null)))
    throw new DerError("expected NULL as parameters, got others");
}

function expectPublicNumbers({ modulusBits }: RsaSize, { n, e }: RsaPublicNumbers): void {
  const bits = bitLength(n);
  if (bits !== modulusBits) throw new DerError(`expected a modulus of ${modulusBits} bits, got ${bits}`);
  if (n % 2n === 0n) throw new DerError("expected an odd modulus, got an even one");
  if (e % 2n === 0n || e <= 1n << 16n || e >= 1n << 256n) {
    throw new DerError("expected an odd public exponent between 2^16 and 2^256");
  }
}

/** The equations of RFC 8017 §3.2. Whether p and q are prime shows when the key is first tried. */
function expectTogether({ n, e, p, q, dP, dQ, qInv }: RsaPrivateNumbers, d: bigint): void {
  const one = (left: bigint, right: bigint, modulus: bigint) => (left * right) % modulus === 1n;
  const together =
    p > 1n &&
    q > 1n &&
    p !== q &&
    p * q === n &&
    dP < p &&
    dQ < q &&
    one(e, dP, p - 1n) &&
    one(e, dQ, q - 1n) &&
    one(e, d, p - 1n) &&
    one(e, d, q - 1n) &&
    qInv < p &&
    one(q, qInv, p);
  if (!together) throw new DerError("its numbers do not belong together");
}
