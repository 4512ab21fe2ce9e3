import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DerError, DerReader, DerTag, der, derBitString, derUnsignedInteger } from "./der.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

describe("DER", () => {
  test("what is written is read, at any length of the contents", () => {
    fc.assert(
      fc.property(bytes, fc.nat(70_000), (contents, more) => {
        const long = new Uint8Array(contents.length + more);
        long.set(contents);
        const reader = new DerReader(der(DerTag.octetString, long));
        expect(reader.read(DerTag.octetString)).toEqual(long);
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  test("an integer comes back without its leading zeros", () => {
    fc.assert(
      fc.property(bytes, (magnitude) => {
        const read = new DerReader(derUnsignedInteger(magnitude)).readUnsignedInteger();
        expect(Buffer.from(read).toString("hex")).toBe(
          Buffer.from(magnitude)
            .toString("hex")
            .replace(/^(?:00)*/, ""),
        );
      }),
    );
  });

  test("a bit string without unused bits comes back", () => {
    expect(new DerReader(derBitString(Uint8Array.of(1, 2))).readBitString()).toEqual(Uint8Array.of(1, 2));
  });

  const refused: readonly [string, number[], (reader: DerReader) => unknown][] = [
    ["an empty input", [], (reader) => reader.read(0x04)],
    ["another tag", [0x02, 1, 5], (reader) => reader.read(0x04)],
    ["contents that are cut off", [0x04, 2, 5], (reader) => reader.read(0x04)],
    ["a length that is cut off", [0x04, 0x82, 1], (reader) => reader.read(0x04)],
    ["no length", [0x04], (reader) => reader.read(0x04)],
    ["an indefinite length", [0x04, 0x80, 0, 0], (reader) => reader.read(0x04)],
    ["a long length of a short value", [0x04, 0x81, 1, 5], (reader) => reader.read(0x04)],
    ["a length with a leading zero", [0x04, 0x82, 0, 0x80], (reader) => reader.read(0x04)],
    ["a length of five bytes", [0x04, 0x85, 1, 0, 0, 0, 0], (reader) => reader.read(0x04)],
    ["a negative integer", [0x02, 1, 0x80], (reader) => reader.readUnsignedInteger()],
    ["an integer of no bytes", [0x02, 0], (reader) => reader.readUnsignedInteger()],
    ["an integer with a needless zero", [0x02, 2, 0, 0x7f], (reader) => reader.readUnsignedInteger()],
    ["a bit string with unused bits", [0x03, 2, 1, 0xfe], (reader) => reader.readBitString()],
    ["an empty bit string element", [0x03, 0], (reader) => reader.readBitString()],
    ["bytes where the end should be", [0x04, 0], (reader) => reader.expectEnd()],
  ];
  test.each(refused)("%s is refused", (_name, input, read) => {
    expect(() => read(new DerReader(Uint8Array.from(input)))).toThrow(DerError);
  });

  test("no input makes the reader throw anything but its own error", () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const reader = new DerReader(input);
        try {
          while (!reader.atEnd) reader.read(reader.nextTag ?? 0);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
    );
  });
});
