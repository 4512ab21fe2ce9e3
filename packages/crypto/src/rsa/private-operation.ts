/**
 * The private-key operation RSASP1 (RFC 8017 §5.2.1), for digests that Web Crypto can't be given: it hashes every message.
 *
 * With the Chinese remainder theorem, and:
 * - the base blinded by a random r^e, so that no chosen input meets the secret exponents (Kocher 1996, §10);
 * - the exponents blinded by random multiples of p − 1 and q − 1, so that no two operations run through the same digits;
 * - the result verified, so that a fault in one half does not give a factor away (Boneh, DeMillo, Lipton 1997).
 *
 * BigInt takes a time that depends on its numbers. What is left to measure is that of random numbers, but JavaScript
 * promises nothing: where an attacker can time many signatures finely, let Web Crypto sign (`RAW`).
 */
import type { RandomBytes } from "../key-pair.ts";
import { inverseModulo, powerModulo, toInteger } from "./integers.ts";
import type { RsaPrivateNumbers } from "./key-format.ts";

/** Length in bytes of the random factor that blinds an exponent. */
const EXPONENT_BLIND_LENGTH = 8;

/**
 * m^d mod n.
 *
 * @param message a number below the modulus
 * @throws {Error} if the result does not verify: the key or the machine is faulty
 */
export function rsaPrivateOperation(key: RsaPrivateNumbers, message: bigint, random: RandomBytes): bigint {
  const { n, e, p, q, dP, dQ, qInv } = key;
  const { blind, unblind } = blindingPair(n, random);
  const blinded = (message * powerModulo(blind, e, n)) % n;
  const byP = powerModulo(blinded % p, blindExponent(dP, p, random), p);
  const byQ = powerModulo(blinded % q, blindExponent(dQ, q, random), q);
  const h = (((byP - (byQ % p) + p) % p) * qInv) % p;
  const signature = ((byQ + q * h) * unblind) % n;
  if (powerModulo(signature, e, n) !== message)
    throw new Error("RSA signature does not verify; it is withheld");
  return signature;
}

function blindingPair(n: bigint, random: RandomBytes): { blind: bigint; unblind: bigint } {
  const length = Math.ceil(n.toString(16).length / 2);
  for (;;) {
    const blind = toInteger(random(length)) % n;
    // Only multiples of a factor, and zero, have no inverse: nobody will see one.
    const unblind = inverseModulo(blind, n);
    if (unblind !== undefined) return { blind, unblind };
  }
}

function blindExponent(exponent: bigint, prime: bigint, random: RandomBytes): bigint {
  return exponent + toInteger(random(EXPONENT_BLIND_LENGTH)) * (prime - 1n);
}
