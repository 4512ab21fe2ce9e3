import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DerTag, der, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import { encodeAlgorithm, encodePrivateKeyInfo } from "../asn1/key-info.ts";
import { RSA_ENCRYPTION } from "../asn1/object-identifiers.ts";
import { KeyPairError } from "../key-pair-error.ts";
import { rsa2048 } from "../rsa.ts";
import { encodeRsaPublicKey } from "./key-format.ts";

const NAMES = ["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const;
type Numbers = Readonly<Record<(typeof NAMES)[number], bigint>>;

function generated(modulusLength: number, publicExponent = 65537): Numbers {
  const jwk = generateKeyPairSync("rsa", { modulusLength, publicExponent }).privateKey.export({
    format: "jwk",
  });
  const number = (name: (typeof NAMES)[number]) =>
    BigInt(`0x${Buffer.from(jwk[name] ?? "", "base64url").toString("hex")}`);
  return Object.fromEntries(NAMES.map((name) => [name, number(name)])) as Numbers;
}

function bytes(integer: bigint): Uint8Array {
  const hex = integer.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

function encode(numbers: Numbers, version = 0): Uint8Array {
  const fields = [BigInt(version), ...NAMES.map((name) => numbers[name])];
  const key = derSequence(...fields.map((field) => derUnsignedInteger(bytes(field))));
  return encodePrivateKeyInfo(encodeAlgorithm(RSA_ENCRYPTION, der(DerTag.null)), key);
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "taken",
    (error: unknown) => (error instanceof KeyPairError ? `${error.code}: ${error.message}` : `${error}`),
  );
}

const good = generated(2048);

describe("RSA keys", () => {
  test("a key written by hand is read by us and by OpenSSL", async () => {
    const ours = await rsa2048.importPrivateKey(encode(good));
    const theirs = createPrivateKey({ key: Buffer.from(encode(good)), format: "der", type: "pkcs8" });
    expect(theirs.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(ours.publicKey).toEqual(encodeRsaPublicKey(good));
  });

  const another = generated(2048);
  const wrong: readonly [string, Numbers][] = [
    ["another modulus", { ...good, n: another.n }],
    ["another private exponent", { ...good, d: good.d + 2n }],
    ["another prime", { ...good, p: another.p }],
    ["primes in the other order", { ...good, p: good.q, q: good.p }],
    ["another exponent of p", { ...good, dp: good.dp + 2n }],
    ["an exponent of q that is not reduced", { ...good, dq: good.dq + good.q - 1n }],
    ["another coefficient", { ...good, qi: good.qi + 1n }],
    ["the factors one and n", { ...good, p: good.n, q: 1n }],
    ["the public exponent 1", { ...good, e: 1n }],
    ["an even public exponent", { ...good, e: 65538n }],
    ["the public exponent 65,535, one step too small", { ...good, e: 65535n }],
    ["an even modulus", { ...good, n: good.n + 1n }],
  ];
  test.each(wrong)("%s is refused", async (_name, numbers) => {
    expect(await outcome(rsa2048.importPrivateKey(encode(numbers)))).toMatch(/^InvalidPrivateKey: RSA_2048/);
  });

  test("multi-prime keys, and other lengths, are refused", async () => {
    expect(await outcome(rsa2048.importPrivateKey(encode(good, 1)))).toMatch(/two primes, got more/);
    const shorter = await outcome(rsa2048.importPrivateKey(encode(generated(2047))));
    expect(shorter).toMatch(/expected a modulus of 2048 bits, got 2047/);
    expect(await outcome(rsa2048.importPrivateKey(encode(generated(3072))))).toMatch(/got 3072/);
  });

  test("a small public exponent is refused, a large one taken", async () => {
    expect(await outcome(rsa2048.importPrivateKey(encode(generated(2048, 3))))).toMatch(/public exponent/);
    expect(await outcome(rsa2048.importPrivateKey(encode(generated(2048, 65539))))).toBe("taken");
  });

  test("a prime that is none is noticed when the key is tried", async () => {
    const number = compositeKey();
    expect(await outcome(rsa2048.importPrivateKey(encode(number)))).toMatch(/expected two primes/);
  });
});

/** All equations hold, but p is a product of two primes, whose order is not p − 1. */
function compositeKey(): Numbers {
  const e = 65537n;
  for (;;) {
    const half = generated(1024);
    const { q } = good;
    const p = half.n;
    const phi = (p - 1n) * (q - 1n);
    const n = p * q;
    if (n.toString(2).length !== 2048 || p === q) continue;
    const inverse = (value: bigint, modulo: bigint): bigint => {
      let [a, b, x, y] = [((value % modulo) + modulo) % modulo, modulo, 1n, 0n];
      while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
      return a === 1n ? ((x % modulo) + modulo) % modulo : 0n;
    };
    const d = inverse(e, phi);
    if (d === 0n) continue;
    return { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  }
}
