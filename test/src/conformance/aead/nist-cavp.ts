/** NIST's CAVP for GCM (CAVS 14.0): encryption with 256-bit keys, decryption with 128- and 256-bit keys. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fromHex } from "../hex.ts";
import { parseResponseFile } from "../response-file.ts";
import type { Family } from "../result.ts";
import type { AeadCase } from "./case.ts";
import { runAeadFamily } from "./run.ts";

const FILES = [
  "nist-cavp/gcm/gcmEncryptExtIV256.rsp",
  "nist-cavp/gcm/gcmDecrypt128.rsp",
  "nist-cavp/gcm/gcmDecrypt256.rsp",
];

export const nistGcm: Family = {
  id: "nist-cavp-gcm",
  run: (vectors) => runAeadFamily("nist-cavp-gcm", vectors, FILES, readCases),
};

/** @throws if a case lacks a field or has another length than its section says */
function readCases(paths: readonly string[]): readonly AeadCase[] {
  return paths.flatMap((path) =>
    parseResponseFile(readFileSync(path, "latin1"), "Count").map(({ section, fields }, index) => {
      const id = `${basename(path)} #${index}`;
      const bytes = (name: string, lengthName: string) => {
        const value = fields[name];
        if (value === undefined) throw new Error(`${id}: no ${name}`);
        const read = fromHex(value);
        if (read.length * 8 !== Number(section[lengthName]))
          throw new Error(`${id}: ${name} has ${read.length} bytes`);
        return read;
      };
      const valid = fields["FAIL"] === undefined;
      return {
        id,
        key: bytes("Key", "Keylen"),
        iv: bytes("IV", "IVlen"),
        aad: bytes("AAD", "AADlen"),
        plaintext: valid ? bytes("PT", "PTlen") : undefined,
        ciphertext: bytes("CT", "PTlen"),
        tag: bytes("Tag", "Taglen"),
        valid,
      };
    }),
  );
}
