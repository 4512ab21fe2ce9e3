/** Conformance families of AES key wrap: Wycheproof's, and NIST's CAVP for SP 800-38F with RFC 5649's examples. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KeyUnwrapError, unwrapKey, unwrapKeyPadded, wrapKey, wrapKeyPadded } from "@kmslite/crypto/key-wrap";
import { fromHex, sameBytes } from "../hex.ts";
import { parseResponseFile, type ResponseCase } from "../response-file.ts";
import { absentResult, countedResult, type Family } from "../result.ts";
import { type Outcome, runWycheproof } from "./wycheproof.ts";

interface Test {
  readonly key: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: string;
}

type Wrap = (kek: Uint8Array, key: Uint8Array) => Uint8Array;

export const wycheproofKeyWrap: Family = {
  id: "wycheproof-aes-kw",
  run: async (vectors) => [
    await runWycheproof<unknown, Test>("wycheproof-aes-kw", "KW", vectors, ["aes_wrap"], (_group, test) =>
      bothWays(wrapKey, unwrapKey, test),
    ),
    await runWycheproof<unknown, Test>("wycheproof-aes-kw", "KWP", vectors, ["aes_kwp"], (_group, test) =>
      bothWays(wrapKeyPadded, unwrapKeyPadded, test),
    ),
  ],
};

/** A valid test must also wrap to its ciphertext. */
function bothWays(wrap: Wrap, unwrap: Wrap, test: Test): Outcome {
  const kek = fromHex(test.key);
  const key = unlessRefused(() => unwrap(kek, fromHex(test.ct)));
  if (key === undefined) return false;
  if (!sameBytes(key, fromHex(test.msg))) throw new Error("another key");
  if (!sameBytes(wrap(kek, key), fromHex(test.ct))) throw new Error("wraps to something else");
  return true;
}

const NIST = [
  "KW_AE_128",
  "KW_AE_256",
  "KW_AD_128",
  "KW_AD_256",
  "KWP_AE_128",
  "KWP_AE_256",
  "KWP_AD_128",
  "KWP_AD_256",
];
const BOTAN = "kwp_botan";

export const nistKeyWrap: Family = {
  id: "nist-cavp-keywrap",
  run: async (vectors) => {
    const path = (name: string) => `nist-cavp/keywrap/${name}.txt`;
    const absent = [...NIST, BOTAN].map(path).filter((file) => !existsSync(join(vectors, file)));
    if (absent.length > 0) return [absentResult("nist-cavp-keywrap", "crypto", absent)];
    const casesOf = (name: string) =>
      parseResponseFile(readFileSync(join(vectors, path(name)), "latin1"), "COUNT");
    const failures: string[] = [];
    let tried = 0;
    for (const name of NIST) {
      const padded = name.startsWith("KWP");
      const check = name.includes("AE")
        ? wraps(padded ? wrapKeyPadded : wrapKey)
        : unwraps(padded ? unwrapKeyPadded : unwrapKey);
      for (const one of casesOf(name)) {
        tried++;
        if (!check(one))
          failures.push(`${name}, length ${one.section["PLAINTEXT LENGTH"]}, COUNT ${one.fields["COUNT"]}`);
      }
    }
    for (const { fields } of casesOf(BOTAN)) {
      tried++;
      const wrapped = wrapKeyPadded(fromHex(fields["Key"] ?? ""), fromHex(fields["Input"] ?? ""));
      if (!sameBytes(wrapped, fromHex(fields["Output"] ?? "")))
        failures.push(`${BOTAN}, COUNT ${fields["COUNT"]}`);
    }
    return [countedResult("nist-cavp-keywrap", "crypto", tried, failures)];
  },
};

function wraps(wrap: Wrap): (one: ResponseCase) => boolean {
  return ({ fields: { K = "", P = "", C = "" } }) => sameBytes(wrap(fromHex(K), fromHex(P)), fromHex(C));
}

function unwraps(unwrap: Wrap): (one: ResponseCase) => boolean {
  return ({ fields: { K = "", P = "", C = "", FAIL } }) => {
    const key = unlessRefused(() => unwrap(fromHex(K), fromHex(C)));
    if (key === undefined) return FAIL !== undefined;
    return FAIL === undefined && sameBytes(key, fromHex(P));
  };
}

function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof KeyUnwrapError) return undefined;
    throw error;
  }
}
