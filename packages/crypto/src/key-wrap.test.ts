import { createCipheriv } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyUnwrapError, unwrapKey, unwrapKeyPadded, wrapKey, wrapKeyPadded } from "./key-wrap.ts";

const kek = fc
  .constantFrom(16, 24, 32)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const anyKey = fc.uint8Array({ minLength: 1, maxLength: 300 });
const evenKey = fc.integer({ min: 2, max: 40 }).chain((semiblocks) => {
  return fc.uint8Array({ minLength: 8 * semiblocks, maxLength: 8 * semiblocks });
});

/** OpenSSL's, which Node.js reaches by its cipher names. */
function openssl(name: "wrap" | "wrap-pad", secret: Uint8Array, key: Uint8Array): Uint8Array {
  const iv = Buffer.from(name === "wrap" ? "a6a6a6a6a6a6a6a6" : "a65959a6", "hex");
  const cipher = createCipheriv(`id-aes${8 * secret.length}-${name}`, secret, iv);
  return new Uint8Array(Buffer.concat([cipher.update(key), cipher.final()]));
}

function withFlippedBit(bytes: Uint8Array, at: number): Uint8Array {
  const flipped = bytes.slice();
  const byte = (at >> 3) % bytes.length;
  flipped[byte] = (flipped[byte] as number) ^ (1 << (at & 7));
  return flipped;
}

describe("KW", () => {
  test("wraps as OpenSSL does, and unwraps what was wrapped", () => {
    fc.assert(
      fc.property(kek, evenKey, (secret, key) => {
        const wrapped = wrapKey(secret, key);
        expect(wrapped).toEqual(openssl("wrap", secret, key));
        expect(unwrapKey(secret, wrapped)).toEqual(key);
      }),
    );
  });

  test("refuses any flipped bit, and any other length", () => {
    fc.assert(
      fc.property(kek, evenKey, fc.nat(10_000), (secret, key, at) => {
        const wrapped = wrapKey(secret, key);
        expect(() => unwrapKey(secret, withFlippedBit(wrapped, at))).toThrow(KeyUnwrapError);
        expect(() => unwrapKey(secret, wrapped.subarray(0, at % wrapped.length))).toThrow(KeyUnwrapError);
      }),
    );
  });

  test("takes keys of 16 to 65,536 bytes, in steps of 8", () => {
    const secret = new Uint8Array(32);
    expect(unwrapKey(secret, wrapKey(secret, new Uint8Array(65_536)))).toHaveLength(65_536);
    for (const length of [0, 8, 15, 17, 23, 65_544]) {
      expect(() => wrapKey(secret, new Uint8Array(length))).toThrow(
        /expected 16 to 65536 bytes, a multiple of 8/,
      );
    }
  });
});

describe("KWP", () => {
  test("wraps as OpenSSL does, and unwraps what was wrapped", () => {
    fc.assert(
      fc.property(kek, anyKey, (secret, key) => {
        const wrapped = wrapKeyPadded(secret, key);
        expect(wrapped).toEqual(openssl("wrap-pad", secret, key));
        expect(unwrapKeyPadded(secret, wrapped)).toEqual(key);
      }),
    );
  });

  test("refuses any flipped bit, and any other length", () => {
    fc.assert(
      fc.property(kek, anyKey, fc.nat(10_000), (secret, key, at) => {
        const wrapped = wrapKeyPadded(secret, key);
        expect(() => unwrapKeyPadded(secret, withFlippedBit(wrapped, at))).toThrow(KeyUnwrapError);
        expect(() => unwrapKeyPadded(secret, wrapped.subarray(0, at % wrapped.length))).toThrow(
          KeyUnwrapError,
        );
      }),
    );
  });

  test("what KW wrapped, and what was wrapped under another key, is refused", () => {
    const key = new Uint8Array(32).fill(1);
    const secret = new Uint8Array(32).fill(2);
    expect(() => unwrapKeyPadded(secret, wrapKey(secret, key))).toThrow(KeyUnwrapError);
    expect(() => unwrapKey(secret, wrapKeyPadded(secret, key))).toThrow(KeyUnwrapError);
    expect(() => unwrapKeyPadded(new Uint8Array(32).fill(3), wrapKeyPadded(secret, key))).toThrow(
      KeyUnwrapError,
    );
  });

  test("takes keys of 1 to 65,536 bytes under keys of 16, 24 or 32", () => {
    const secret = new Uint8Array(16);
    expect(wrapKeyPadded(secret, new Uint8Array(1))).toHaveLength(16);
    expect(wrapKeyPadded(secret, new Uint8Array(65_536))).toHaveLength(65_544);
    for (const length of [0, 65_537]) {
      expect(() => wrapKeyPadded(secret, new Uint8Array(length))).toThrow(/expected 1 to 65536 bytes/);
    }
    expect(() => wrapKeyPadded(new Uint8Array(20), new Uint8Array(16))).toThrow(/16, 24 or 32 bytes, got 20/);
  });
});
