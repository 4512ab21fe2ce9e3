import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CborTagged, decodeCbor, encodeCborBytes } from "./cbor.ts";
import { CoseError } from "./cose-error.ts";

const unhex = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

describe("CBOR, by the examples of RFC 8949 appendix A", () => {
  test.each<[string, unknown]>([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["20", -1],
    ["3903e7", -1000],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["4401020304", Uint8Array.of(1, 2, 3, 4)],
    ["60", ""],
    ["6449455446", "IETF"],
    ["62c3bc", "ü"],
    ["64f0908591", "𐅑"],
    ["80", []],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["9fff", []],
    ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    [
      "a201020304",
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      "a26161016162820203",
      new Map<string, unknown>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
    ],
    [
      "bf61610161629f0203ffff",
      new Map<string, unknown>([
        ["a", 1],
        ["b", [2, 3]],
      ]),
    ],
    ["c11a514b67b0", new CborTagged(1, 1_363_896_240)],
  ])("%s", (hex, value) => {
    expect(decodeCbor(unhex(hex))).toEqual(value);
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["more than one item", "0000"],
    ["an array that is cut off", "8201"],
    ["an array of indefinite length that is cut off", "9f01"],
    ["a map without its last value", "a101"],
    ["a break by itself", "ff"],
    ["a break for a value", "bf01ff"],
    ["a length beyond the end", "5a00ffffff00"],
    ["a length of 2^63", "5b800000000000000000"],
    ["a longer head than is needed", "1817"],
    ["a longer head of a length", "580101"],
    ["eight bytes for what four hold", "1b00000000ffffffff"],
    ["an integer beyond 2^53", "1b0020000000000001"],
    ["a string of pieces", "5f41014102ff"],
    ["a reserved head", "1c"],
    ["UTF-8 that is none", "61ff"],
    ["a key twice", "a201000100"],
    ["a key that is an array", "a18000"],
    ["a half-precision float", "f93c00"],
    ["undefined", "f7"],
    ["a tag on nothing", "d2"],
    ["what is nested too deeply", "81".repeat(20)],
  ])("%s is refused", (_name, hex) => {
    expect(() => decodeCbor(unhex(hex))).toThrow(CoseError);
  });

  test("no input makes the reader throw anything but its own error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeCbor(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CoseError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("bytes come back, at any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(70_000), (start, more) => {
        const bytes = new Uint8Array(start.length + more);
        bytes.set(start);
        expect(decodeCbor(encodeCborBytes(bytes))).toEqual(bytes);
      }),
    );
  });
});
