import { hkdfSync } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deriveHkdf, type HkdfHash } from "./hkdf.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const hash = fc.constantFrom<HkdfHash>("SHA-256", "SHA-384", "SHA-512");

test("HKDF agrees with node:crypto for any key, salt, info and length", () => {
  fc.assert(
    fc.property(
      hash,
      bytes,
      bytes,
      bytes,
      fc.integer({ min: 1, max: 500 }),
      (name, key, salt, info, length) => {
        const theirs = hkdfSync(name.replace("-", ""), key, salt, info, length);
        expect(deriveHkdf(name, key, salt, info, length)).toEqual(new Uint8Array(theirs));
      },
    ),
  );
});

test("HKDF derives 1 byte to 255 hashes", () => {
  const none = Uint8Array.of();
  expect(deriveHkdf("SHA-256", none, none, none, 8160)).toHaveLength(8160);
  for (const length of [0, 8161, 1.5]) {
    expect(() => deriveHkdf("SHA-256", none, none, none, length)).toThrow(/expected 1 to 8160 bytes/);
  }
});
