import { describe, expect, test } from "vitest";
import { platformCryptography, platformRandom } from "../cryptography.ts";
import { createKeyring, openKeyring, withNewDomainKey, withoutDomainKeys } from "../keyring.ts";
import { createPassphraseFile, openPassphraseFile } from "./passphrase-root-key.ts";
import { ephemeralRootKey, secretRootKey } from "./secret-root-key.ts";

const CHEAP = { N: 1024, r: 8, p: 1 };
const aad = new TextEncoder().encode("place");
const key = new Uint8Array(32).fill(5);

describe("a root key of a secret", () => {
  test("unwraps what it wrapped, for the same place only", async () => {
    const root = secretRootKey(new Uint8Array(32).fill(1));
    const wrapped = await root.wrap(key, aad);
    expect(await root.unwrap(wrapped, aad)).toEqual(key);
    const wrong = expect.objectContaining({ code: "WrongRootKey" });
    await expect(root.unwrap(wrapped, new Uint8Array(0))).rejects.toEqual(wrong);
    await expect(secretRootKey(new Uint8Array(32).fill(2)).unwrap(wrapped, aad)).rejects.toEqual(wrong);
    wrapped[40] = (wrapped[40] ?? 0) ^ 1;
    await expect(root.unwrap(wrapped, aad)).rejects.toEqual(wrong);
    await expect(root.unwrap(new Uint8Array(3), aad)).rejects.toEqual(wrong);
  });

  test("has an id that stays, and differs from another's", () => {
    const id = (byte: number) => secretRootKey(new Uint8Array(32).fill(byte)).id;
    expect(id(1)).toBe(id(1));
    expect(id(1)).not.toBe(id(2));
    expect(ephemeralRootKey().id).not.toBe(ephemeralRootKey().id);
  });

  test("needs no copy of the secret: the caller may wipe it", async () => {
    const secret = platformRandom(32);
    const root = secretRootKey(secret);
    const wrapped = await root.wrap(key, aad);
    secret.fill(0);
    expect(await root.unwrap(wrapped, aad)).toEqual(key);
  });
});

describe("a passphrase file", () => {
  test("opens with its passphrase, composed or decomposed, to the same root key", async () => {
    const text = await createPassphraseFile("caf\u00e9", CHEAP);
    const wrapped = await (await openPassphraseFile(text, "caf\u00e9")).wrap(key, aad);
    expect(await (await openPassphraseFile(text, "cafe\u0301")).unwrap(wrapped, aad)).toEqual(key);
  });

  test("does not open with another passphrase, nor edited", async () => {
    const text = await createPassphraseFile("right", CHEAP);
    const wrong = expect.objectContaining({ code: "WrongPassphrase" });
    await expect(openPassphraseFile(text, "wrong")).rejects.toEqual(wrong);
    const edited = text.replace(/"salt": "(..)/, (match, byte: string) =>
      match.replace(byte, byte === "00" ? "11" : "00"),
    );
    await expect(openPassphraseFile(edited, "right")).rejects.toEqual(wrong);
    await expect(openPassphraseFile(text.replace('"p": 1', '"p": 2'), "right")).rejects.toEqual(wrong);
  });

  test.each([
    ["", "no text"],
    ["{}", "another format"],
    ['{"format":"kmslite-passphrase-root-key","version":2}', "a later version"],
  ])("%j is malformed (%s)", async (text) => {
    await expect(openPassphraseFile(text, "x")).rejects.toMatchObject({ code: "Malformed" });
  });

  test.each([
    { N: 2 ** 30, r: 8, p: 1 },
    { N: 1024, r: 1000, p: 1 },
    { N: 1024, r: 8, p: 100 },
    { N: 1000, r: 8, p: 1 },
    { N: 2, r: 8, p: 1 },
  ])("with the cost %j is refused before any memory is spent", async (cost) => {
    await expect(createPassphraseFile("x", cost)).rejects.toMatchObject({ code: "Malformed" });
    const text = await createPassphraseFile("x", CHEAP);
    const edited = JSON.parse(text) as { kdf: object };
    edited.kdf = { ...edited.kdf, ...cost };
    await expect(openPassphraseFile(JSON.stringify(edited), "x")).rejects.toMatchObject({
      code: "Malformed",
    });
  });
});

const cryptography = await platformCryptography();

describe("the keyring", () => {
  test("opens with its root key, through rotations and the end of retired domain keys", async () => {
    const root = ephemeralRootKey();
    const first = await createKeyring(root, cryptography, 1);
    const second = await withNewDomainKey(first, root, cryptography, 2);
    const open = await openKeyring(second, root, cryptography);
    expect(open.domainKeys.versions).toEqual([1, 2]);
    expect(open.domainKeys.activeVersion).toBe(2);
    expect(withoutDomainKeys(second, () => false).domainKeys.map(({ version }) => version)).toEqual([2]);
    expect(withoutDomainKeys(second, () => true).domainKeys).toHaveLength(2);
  });

  test("does not open with another root key, and says which one it needs", async () => {
    const root = ephemeralRootKey();
    const keyring = await createKeyring(root, cryptography, 1);
    await expect(openKeyring(keyring, ephemeralRootKey(), cryptography)).rejects.toThrow(root.id);
  });

  test("does not open when domain keys of two versions were exchanged", async () => {
    const root = ephemeralRootKey();
    const keyring = await withNewDomainKey(await createKeyring(root, cryptography, 1), root, cryptography, 2);
    const [one, two] = keyring.domainKeys;
    const domainKeys = [
      { ...one, version: 2 },
      { ...two, version: 1 },
    ] as typeof keyring.domainKeys;
    await expect(openKeyring({ ...keyring, domainKeys }, root, cryptography)).rejects.toMatchObject({
      code: "WrongRootKey",
    });
  });
});
