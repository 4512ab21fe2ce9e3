import { createCipheriv, createDecipheriv } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AesBlockCipher } from "./block-cipher.ts";

const key = fc
  .constantFrom(16, 24, 32)
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const block = fc.uint8Array({ minLength: 16, maxLength: 16 });

function ecb(create: typeof createCipheriv | typeof createDecipheriv, secret: Uint8Array, input: Uint8Array) {
  const cipher = create(`aes-${8 * secret.length}-ecb`, secret, null);
  cipher.setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(input), cipher.final()]));
}

describe("the AES block cipher", () => {
  test("agrees with OpenSSL in both directions, for every key size", () => {
    fc.assert(
      fc.property(key, block, (secret, input) => {
        const cipher = new AesBlockCipher(secret);
        const encrypted = input.slice();
        cipher.encrypt(encrypted);
        expect(encrypted).toEqual(ecb(createCipheriv, secret, input));
        const decrypted = input.slice();
        cipher.decrypt(decrypted);
        expect(decrypted).toEqual(ecb(createDecipheriv, secret, input));
      }),
    );
  });

  test("works in place, inside of a larger array", () => {
    const bytes = new Uint8Array(48).fill(7);
    new AesBlockCipher(new Uint8Array(32)).encrypt(bytes.subarray(17, 33));
    expect([...bytes.subarray(0, 17), ...bytes.subarray(33)].every((byte) => byte === 7)).toBe(true);
    expect(bytes.subarray(17, 33)).toEqual(
      ecb(createCipheriv, new Uint8Array(32), new Uint8Array(16).fill(7)),
    );
  });

  test("keys and blocks of other lengths are refused", () => {
    for (const length of [0, 15, 17, 31, 33])
      expect(() => new AesBlockCipher(new Uint8Array(length))).toThrow(RangeError);
    const cipher = new AesBlockCipher(new Uint8Array(16));
    for (const length of [0, 15, 17])
      expect(() => cipher.encrypt(new Uint8Array(length))).toThrow(RangeError);
  });

  test("a destroyed key encrypts as no key does", () => {
    const cipher = new AesBlockCipher(new Uint8Array(16).fill(3));
    cipher.destroy();
    const encrypted = new Uint8Array(16);
    cipher.encrypt(encrypted);
    expect(encrypted).not.toEqual(ecb(createCipheriv, new Uint8Array(16).fill(3), new Uint8Array(16)));
  });
});
