/** The document's worked example is what its own rules give, and what the library reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  backingKey,
  boundResource,
  canonicalEncryptionContext,
  openBlob,
  platformCryptography,
  sealBlob,
} from "@kmslite/hierarchy";
import { expect, test } from "vitest";
import { workedExample } from "./worked-example.ts";

const document = readFileSync(join(import.meta.dirname, "../../../docs/ciphertext-format.md"), "utf8");
const [, block = ""] = /### Worked example[\s\S]*?```text\n([\s\S]*?)```/.exec(document) ?? [];
/** A value may go on in the next line, indented. */
const written = new Map(
  block
    .replace(/\n {3,}/g, "")
    .trim()
    .split("\n")
    .map((line): [string, string] => {
      const [name = "", value = ""] = line.split(/ {2,}/);
      return [name, value];
    }),
);
const value = (name: string): string => written.get(name) ?? "";
const bytes = (name: string): Buffer => Buffer.from(value(name), "hex");
const encryptionContext = { purpose: "example", order: "1" };

test("every value follows from the inputs by the rules of the document", () => {
  const computed = workedExample({
    backingKey: bytes("backing key"),
    keyId: value("key id"),
    keyResourceId: value("key resource id"),
    plaintext: bytes("plaintext"),
    N: bytes("N"),
    encryptionContext,
  });
  for (const [name, hex] of Object.entries(computed)) expect([name, value(name)]).toEqual([name, hex]);
  expect(written.size).toBe(Object.keys(computed).length + 5);
});

test("the library opens the blob, and makes the same one from the same N", async () => {
  const backing = backingKey(bytes("backing key"), value("key id"));
  const cryptography = { ...(await platformCryptography()), random: () => new Uint8Array(bytes("N")) };
  const binding = {
    resource: boundResource(value("key resource id")),
    encryptionContext: canonicalEncryptionContext(encryptionContext),
  };
  const blob = new Uint8Array(bytes("blob"));
  expect(Buffer.from(openBlob(cryptography, backing, binding, blob))).toEqual(bytes("plaintext"));
  const place = { kind: "Encrypt", ...binding } as const;
  expect(sealBlob(cryptography, backing, place, new Uint8Array(bytes("plaintext")))).toEqual(blob);
});
