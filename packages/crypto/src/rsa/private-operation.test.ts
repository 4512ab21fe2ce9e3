import { constants, generateKeyPairSync, privateEncrypt } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toInteger, toOctets } from "./integers.ts";
import { parseRsaPrivateKey } from "./key-format.ts";
import { rsaPrivateOperation } from "./private-operation.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs8 = new Uint8Array(privateKey.export({ type: "pkcs8", format: "der" }));
const numbers = parseRsaPrivateKey({ keySpec: "RSA_2048", modulusBits: 2048 }, pkcs8);

test("agrees with OpenSSL for any number below the modulus", () => {
  const block = fc.uint8Array({ minLength: 255, maxLength: 255 });
  fc.assert(
    fc.property(block, (bytes) => {
      const padded = Uint8Array.of(0, ...bytes);
      const theirs = privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, padded);
      expect(
        Buffer.compare(toOctets(rsaPrivateOperation(numbers, toInteger(padded), random), 256), theirs),
      ).toBe(0);
    }),
    { numRuns: 10 },
  );
});

test("a fault in one half is noticed, and the result withheld", () => {
  const faulty = { ...numbers, dP: numbers.dP + 2n };
  expect(() => rsaPrivateOperation(faulty, 12345n, random)).toThrow(/withheld/);
});

test("blinding numbers without an inverse are drawn again", () => {
  const draws = [new Uint8Array(256), toOctets(numbers.p, 256)];
  const drawn = rsaPrivateOperation(
    numbers,
    12345n,
    (length) => (length === 256 ? draws.shift() : undefined) ?? random(length),
  );
  expect(draws).toEqual([]);
  expect(drawn).toBe(rsaPrivateOperation(numbers, 12345n, random));
});
