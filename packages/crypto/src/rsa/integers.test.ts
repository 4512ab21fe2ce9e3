import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitLength, inverseModulo, powerModulo, toInteger, toOctets } from "./integers.ts";

const number = fc.bigInt({ min: 0n, max: 1n << 300n });
const modulus = fc.bigInt({ min: 2n, max: 1n << 300n });

/** Square and multiply, as it is taught. */
function naivePower(base: bigint, exponent: bigint, modulo: bigint): bigint {
  let result = 1n % modulo;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulo;
    if (bit === "1") result = (result * base) % modulo;
  }
  return result;
}

describe("integers", () => {
  test("octets and numbers are converted both ways", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (octets) => {
        expect(toOctets(toInteger(octets), octets.length)).toEqual(octets);
        expect(bitLength(toInteger(octets))).toBeLessThanOrEqual(8 * octets.length);
      }),
    );
    expect(() => toOctets(256n, 1)).toThrow(RangeError);
    expect([0n, 1n, 255n, 256n].map(bitLength)).toEqual([0, 1, 8, 9]);
  });

  test("powers are those of square and multiply", () => {
    fc.assert(
      fc.property(number, number, modulus, (base, exponent, modulo) => {
        expect(powerModulo(base, exponent, modulo)).toBe(naivePower(base, exponent, modulo));
      }),
    );
  });

  test("an inverse times its number is one, and there is none where they have a divisor in common", () => {
    fc.assert(
      fc.property(number, modulus, (value, modulo) => {
        const inverse = inverseModulo(value, modulo);
        if (inverse !== undefined) expect((value * inverse) % modulo).toBe(1n);
        expect(inverseModulo(value * modulo, modulo)).toBeUndefined();
        expect(inverseModulo(2n * value, 2n * modulo)).toBeUndefined();
      }),
    );
  });
});
