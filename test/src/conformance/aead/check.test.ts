import { typescriptEngine } from "@kmslite/aead/typescript";
import { describe, expect, test } from "vitest";
import { fromHex } from "../hex.ts";
import type { AeadCase } from "./case.ts";
import { disagreement } from "./check.ts";
import { oneShot, unaligned, type Way } from "./ways.ts";

/** Test case 4 of the GCM specification (McGrew and Viega), AES-128. */
const vector: AeadCase = {
  id: "test case 4",
  key: fromHex("feffe9928665731c6d6a8f9467308308"),
  iv: fromHex("cafebabefacedbaddecaf888"),
  aad: fromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
  plaintext: fromHex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
  ),
  ciphertext: fromHex(
    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
  ),
  tag: fromHex("5bc94fbc3221a5db94fae95ae7121a47"),
  valid: true,
};
const wrongTag = {
  ...vector,
  tag: vector.tag.map((byte, index) => (index === 0 ? byte ^ 1 : byte)),
  valid: false,
};
const way = oneShot(typescriptEngine());

describe("a right engine agrees", () => {
  for (const right of [way, unaligned(way)]) {
    test(`${right.name}: with a valid message, a wrong tag, a short tag and an IV of no bytes`, async () => {
      for (const agreed of [
        vector,
        wrongTag,
        { ...vector, tag: vector.tag.subarray(0, 12) },
        { ...vector, tag: vector.tag.subarray(0, 4) },
        { ...wrongTag, tag: wrongTag.tag.subarray(0, 8), plaintext: undefined },
        { ...vector, iv: new Uint8Array(0), valid: false },
      ]) {
        expect(await disagreement(right, agreed)).toBeUndefined();
      }
    });
  }
});

describe("a wrong engine is found", () => {
  const changed = (change: Partial<Way>): Way => ({ ...way, ...change });

  test("one that leaves out the AAD", async () => {
    const wrong = changed({ seal: (key, iv, plaintext) => way.seal(key, iv, plaintext, {}) });
    expect(await disagreement(wrong, vector)).toMatch("sealed differently");
  });

  test("one that opens whatever the tag", async () => {
    const wrong = changed({ open: async () => vector.plaintext as Uint8Array });
    expect(await disagreement(wrong, wrongTag)).toMatch("opened a message with a wrong tag");
  });

  test("one that opens nothing", async () => {
    const wrong = changed({
      open: () => {
        throw new RangeError("no");
      },
    });
    expect(await disagreement(wrong, vector)).toMatch("threw RangeError");
    expect(await disagreement(wrong, wrongTag)).toMatch("opened a message with a wrong tag");
  });

  test("one that reads the buffer under a view", async () => {
    const whole = (bytes: Uint8Array) => new Uint8Array(bytes.buffer, 0, bytes.length);
    const wrong = changed({
      seal: (key, iv, plaintext, options) => way.seal(key, iv, whole(plaintext), options),
    });
    expect(await disagreement(wrong, { ...vector, plaintext: vector.plaintext?.slice() })).toBeUndefined();
    expect(await disagreement(unaligned(wrong), vector)).toMatch("unaligned: sealed differently");
  });

  test("one whose full tag does not begin with the short one", async () => {
    expect(await disagreement(way, { ...wrongTag, tag: wrongTag.tag.subarray(0, 8), valid: true })).toMatch(
      "the truncated tag does not fit",
    );
    expect(await disagreement(way, { ...vector, tag: vector.tag.subarray(0, 8), valid: false })).toMatch(
      "the truncated tag fits",
    );
  });

  test("one that takes an IV of no bytes", async () => {
    const wrong = changed({ seal: () => new Uint8Array(16) });
    expect(await disagreement(wrong, { ...vector, iv: new Uint8Array(0), valid: false })).toMatch(
      "sealed under an IV of no bytes",
    );
  });
});
