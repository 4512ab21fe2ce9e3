/** What a released version wrote, every later one reads: stores, root key files and ciphertext blobs. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createKms, memoryStore, openPassphraseFile, type Store } from "kmslite";
import { expect, test } from "vitest";

interface Golden {
  readonly passphrase: string;
  readonly rootKeyFile: object;
  readonly region: string;
  readonly account: string;
  readonly store: readonly { readonly key: string; readonly version: number; readonly value: string }[];
  readonly blobs: readonly {
    readonly KeyId: string;
    readonly EncryptionContext: Record<string, string>;
    readonly plaintext: string;
    readonly blob: string;
  }[];
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));

async function storeOf({ store: records }: Golden): Promise<Store> {
  const store = memoryStore();
  for (const { key, version, value } of records) {
    await store.commit({ checks: [], sets: [{ key, version, value: bytes(value) }], deletes: [] });
  }
  return store;
}

test("there is a golden store", () => expect(files).toContain("0.1.0.json"));

test.each(files)("the store and the blobs of %s open", async (name) => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8")) as Golden;
  const root = await openPassphraseFile(JSON.stringify(golden.rootKeyFile), golden.passphrase);
  const { region, account } = golden;
  const kms = await createKms({ root, store: await storeOf(golden), region, account });
  expect(golden.blobs.length).toBeGreaterThan(5);
  for (const { KeyId, EncryptionContext, plaintext, blob } of golden.blobs) {
    const opened = await kms.decrypt({ CiphertextBlob: bytes(blob), EncryptionContext });
    expect(opened.KeyId).toBe(`arn:aws:kms:${region}:${account}:key/${KeyId}`);
    expect(Buffer.from(opened.Plaintext ?? []).toString("hex")).toBe(plaintext);
  }
  const { Aliases } = await kms.listAliases({});
  expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(["alias/golden-false", "alias/golden-true"]);
  await kms.close();
});
