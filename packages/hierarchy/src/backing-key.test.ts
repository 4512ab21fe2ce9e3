/** Key material ids: one for the same material under the same key and spec, and for nothing else. */
import { expect, test } from "vitest";
import { backingKey, keyMaterialIdOf } from "./backing-key.ts";

const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const MATERIAL = new Uint8Array(32).fill(7);

test("the id of other material depends on its bytes, its spec and its key, and on nothing else", () => {
  const id = keyMaterialIdOf("HMAC_256", MATERIAL, KEY_ID);
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  expect(keyMaterialIdOf("HMAC_256", MATERIAL.slice(), KEY_ID)).toBe(id);
  const others = [
    keyMaterialIdOf("HMAC_256", new Uint8Array(32).fill(8), KEY_ID),
    keyMaterialIdOf("HMAC_256", new Uint8Array(33).fill(7), KEY_ID),
    keyMaterialIdOf("HMAC_384", MATERIAL, KEY_ID),
    keyMaterialIdOf("HMAC_256", MATERIAL, `mrk-${"0".repeat(32)}`),
    backingKey(MATERIAL, KEY_ID).keyMaterialId,
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});

test("the ids of released stores stay what they are", () => {
  expect(backingKey(MATERIAL, KEY_ID).keyMaterialId).toBe(
    "f9107357883ac70de5f5e9d0bcf44c3591dc7f5bdbeccb52873146be79ac5ea4",
  );
  expect(keyMaterialIdOf("HMAC_256", MATERIAL, KEY_ID)).toBe(
    "afc6ff8fe9febda7a4e190299a77069a92a198fa17db90b92fda6bf8855d6834",
  );
});
