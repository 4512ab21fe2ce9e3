import { beforeEach, describe, expect, test } from "vitest";
import { platformCryptography } from "./cryptography.ts";
import { DomainKeys, type TokenBinding, tokenVersion } from "./domain-keys.ts";

const cryptography = await platformCryptography();
const material = new Uint8Array(32).fill(9);
const binding: TokenBinding = {
  accountId: "111122223333",
  keyId: "key",
  keyMaterialId: "material",
  keySpec: "SYMMETRIC_DEFAULT",
  keyUsage: "ENCRYPT_DECRYPT",
  origin: "AWS_KMS",
};

let keys: DomainKeys;
beforeEach(() => {
  keys = new DomainKeys(cryptography);
  keys.add(1, new Uint8Array(32).fill(1));
});

describe("a key token", () => {
  test("unwraps to the material it was made of, and is different every time", () => {
    const token = keys.wrap(material, binding);
    expect(token).toHaveLength(117);
    expect(keys.unwrap(token, binding)).toEqual(material);
    expect(keys.wrap(material, binding)).not.toEqual(token);
  });

  test.each(Object.keys(binding) as (keyof TokenBinding)[])("does not unwrap for another %s", (member) => {
    const token = keys.wrap(material, binding);
    const rebound = { ...binding, [member]: `${binding[member]}x` };
    expect(() => keys.unwrap(token, rebound)).toThrow(expect.objectContaining({ code: "Unauthentic" }));
  });

  test("does not unwrap when bytes of one field move into the next", () => {
    const token = keys.wrap(material, { ...binding, keyId: "ab", keyMaterialId: "c" });
    const moved = { ...binding, keyId: "a", keyMaterialId: "bc" };
    expect(() => keys.unwrap(token, moved)).toThrow(expect.objectContaining({ code: "Unauthentic" }));
  });

  test("does not unwrap with any bit flipped", () => {
    const token = keys.wrap(material, binding);
    for (let bit = 0; bit < token.length * 8; bit++) {
      const flipped = token.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => keys.unwrap(flipped, binding)).toThrow(
        expect.objectContaining({ name: "HierarchyError" }),
      );
    }
  });

  test.each([0, 1, 5])("of %i bytes is malformed", (length) => {
    expect(() => tokenVersion(new Uint8Array(length).fill(1))).toThrow(
      expect.objectContaining({ code: "Malformed" }),
    );
  });
});

describe("rotation", () => {
  test("wraps under the newest key, and still unwraps what the retired ones wrapped", () => {
    const old = keys.wrap(material, binding);
    keys.add(2, new Uint8Array(32).fill(2));
    expect(tokenVersion(keys.wrap(material, binding))).toBe(2);
    expect(keys.unwrap(old, binding)).toEqual(material);
  });

  test("rewraps a token under the newest key; then the retired one can go", () => {
    const old = keys.wrap(material, binding);
    keys.add(2, new Uint8Array(32).fill(2));
    const moved = keys.rewrap(old, binding);
    keys.drop(1);
    expect(keys.unwrap(moved, binding)).toEqual(material);
    expect(() => keys.unwrap(old, binding)).toThrow(/no domain key of version 1/);
  });

  test("can't drop the active key", () => {
    expect(() => keys.drop(1)).toThrow(RangeError);
  });

  test("a token of one version does not pass for one of another", () => {
    keys.add(2, new Uint8Array(32).fill(1));
    const token = keys.wrap(material, binding);
    token[4] = 1;
    expect(() => keys.unwrap(token, binding)).toThrow(expect.objectContaining({ code: "Unauthentic" }));
  });
});
