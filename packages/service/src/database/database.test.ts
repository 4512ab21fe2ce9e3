/** A database that was closed holds no key any more. */
import { platformCryptography, secretRootKey } from "@kmslite/hierarchy";
import { memoryStore } from "@kmslite/store";
import { expect, test } from "vitest";
import { Database } from "./database.ts";

test("the keys of tokens are wiped with the others", async () => {
  const rootKey = secretRootKey(new Uint8Array(32).fill(7));
  const database = await Database.open(memoryStore(), rootKey, await platformCryptography(), 0);
  const { grantTokens, importTokens } = database;
  const sealed = [grantTokens, importTokens].map((tokens) => tokens.seal(new Uint8Array(3)).length);
  expect(sealed).toEqual([35, 35]);
  database.close();
  for (const tokens of [grantTokens, importTokens]) {
    expect(() => tokens.seal(new Uint8Array(3))).toThrow(TypeError);
  }
});
