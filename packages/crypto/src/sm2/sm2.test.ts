import { describe, expect, test } from "vitest";
import { DerTag, der, derSequence, derUnsignedInteger } from "../asn1/der.ts";
import { encodeEcPrivateKey } from "../elliptic/key-format.ts";
import { sm2 } from "../sm2.ts";
import { SM2_NAMED_CURVE } from "./curve.ts";
import { sm2Digest } from "./signature.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const text = (message: string) => new TextEncoder().encode(message);

/** GB/T 32918.5-2017, appendices A.2 and A.3: one key pair for both. */
const SCALAR = bytes("3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8");
const POINT = bytes(
  "04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020" +
    "CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13",
);
const R = bytes("F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3");
const S = bytes("B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA");
const E = "F0B43E94 BA45ACCA ACE692ED 534382EB 17E6AB5A 19CE7B31 F4486FDF C0D28640";
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

const key = (scalar: Uint8Array, point: Uint8Array) =>
  sm2.importPrivateKey(encodeEcPrivateKey(SM2_NAMED_CURVE, { scalar, point }));

describe("SM2, the examples of GB/T 32918.5-2017", () => {
  test("the public key follows from the private key", async () => {
    expect((await key(SCALAR, POINT)).publicKey.subarray(-65)).toEqual(POINT);
  });

  test("the digest of the message, with the hash of the signer in it", () => {
    expect(sm2Digest(POINT, text("message digest"))).toEqual(bytes(E));
  });

  test("the signature verifies, of the message and of its digest", async () => {
    const shared = await sm2.importPublicKey((await key(SCALAR, POINT)).publicKey);
    const signature = derSequence(derUnsignedInteger(R), derUnsignedInteger(S));
    expect(await shared.verify("SM2DSA", text("message digest"), "RAW", signature)).toBe(true);
    expect(await shared.verify("SM2DSA", bytes(E), "DIGEST", signature)).toBe(true);
    expect(await shared.verify("SM2DSA", text("message digesu"), "RAW", signature)).toBe(false);
  });

  test("the ciphertext decrypts", async () => {
    const ciphertext = derSequence(
      derUnsignedInteger(bytes("04EBFC71 8E8D1798 62043226 8E77FEB6 415E2EDE 0E073C0F 4F640ECD 2E149A73")),
      derUnsignedInteger(bytes("E858F9D8 1E5430A5 7B36DAAB 8F950A3C 64E6EE6A 63094D99 283AFF76 7E124DF0")),
      der(
        DerTag.octetString,
        bytes("59983C18 F809E262 923C53AE C295D303 83B54E39 D609D160 AFCB1908 D0BD8766"),
      ),
      der(DerTag.octetString, bytes("21886CA9 89CA9C7D 58087307 CA93092D 651EFA")),
    );
    expect(await (await key(SCALAR, POINT)).decrypt("SM2PKE", ciphertext)).toEqual(
      text("encryption standard"),
    );
  });
});

describe("SM2 at its edges", () => {
  const edge = (scalar: bigint) => {
    const number = bytes(scalar.toString(16).padStart(64, "0"));
    return key(number, SM2_NAMED_CURVE.arithmetic.getPublicKey(number, false));
  };

  test("private keys are 1 to n − 2", async () => {
    expect((await edge(1n)).keySpec).toBe("SM2");
    expect((await edge(N - 2n)).keySpec).toBe("SM2");
    await expect(edge(N - 1n)).rejects.toMatchObject({ code: "InvalidPrivateKey" });
  });

  const one = Uint8Array.of(1);
  const n = bytes(N.toString(16));
  test.each([
    ["r = 0", new Uint8Array(1), one],
    ["s = 0", one, new Uint8Array(1)],
    ["r = n", n, one],
    ["s = n", one, n],
    ["r + s = n", one, bytes((N - 1n).toString(16))],
  ])("a signature with %s is not valid", async (_name, r, s) => {
    const shared = await sm2.importPublicKey((await key(SCALAR, POINT)).publicKey);
    const signature = derSequence(derUnsignedInteger(r), derUnsignedInteger(s));
    expect(await shared.verify("SM2DSA", text("message digest"), "RAW", signature)).toBe(false);
  });

  test("of one message, no two signatures and no two ciphertexts are the same", async () => {
    const secret = await key(SCALAR, POINT);
    const shared = await sm2.importPublicKey(secret.publicKey);
    // Even if the randomness repeats, other messages have other nonces.
    const stuck = (length: number) => new Uint8Array(length).fill(7);
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const first = await secret.sign("SM2DSA", text("a"), "RAW", random);
    expect(await secret.sign("SM2DSA", text("a"), "RAW", random)).not.toEqual(first);
    expect(await secret.sign("SM2DSA", text("a"), "RAW", stuck)).toEqual(
      await secret.sign("SM2DSA", text("a"), "RAW", stuck),
    );
    expect(await secret.sign("SM2DSA", text("a"), "RAW", stuck)).not.toEqual(
      await secret.sign("SM2DSA", text("b"), "RAW", stuck),
    );
    const sealed = await shared.encrypt("SM2PKE", text("a"), random);
    expect(await shared.encrypt("SM2PKE", text("a"), random)).not.toEqual(sealed);
  });
});
