/** Wycheproof's AES-GCM (`aes_gcm_test.json`) and AES-GMAC (`aes_gmac_test.json`), test vectors of version 1. */
import { readFileSync } from "node:fs";
import { fromHex } from "../hex.ts";
import type { Family } from "../result.ts";
import type { AeadCase } from "./case.ts";
import { runAeadFamily } from "./run.ts";

interface WycheproofTest {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  /** Associated data; GMAC authenticates `msg` instead and encrypts nothing. */
  readonly aad?: string;
  readonly msg: string;
  readonly ct?: string;
  readonly tag: string;
  readonly result: "valid" | "invalid" | "acceptable";
}

interface WycheproofFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly { readonly tests: readonly WycheproofTest[] }[];
}

export const wycheproofGcm: Family = {
  id: "wycheproof-aes-gcm",
  run: (vectors) => runAeadFamily("wycheproof-aes-gcm", vectors, ["wycheproof/aes_gcm_test.json"], readTests),
};

export const wycheproofGmac: Family = {
  id: "wycheproof-aes-gmac",
  run: (vectors) =>
    runAeadFamily("wycheproof-aes-gmac", vectors, ["wycheproof/aes_gmac_test.json"], readTests),
};

/** @throws if a file does not hold as many tests as it says, or one with another result than valid or invalid */
function readTests(paths: readonly string[]): readonly AeadCase[] {
  return paths.flatMap((path) => {
    const file = JSON.parse(readFileSync(path, "utf8")) as WycheproofFile;
    const tests = file.testGroups.flatMap((group) => group.tests);
    if (tests.length !== file.numberOfTests) throw new Error(`${path}: holds ${tests.length} tests`);
    return tests.map(caseOf);
  });
}

function caseOf(test: WycheproofTest): AeadCase {
  if (test.result === "acceptable") throw new Error(`tcId ${test.tcId}: neither valid nor invalid`);
  const mac = test.ct === undefined;
  return {
    id: `tcId ${test.tcId}`,
    key: fromHex(test.key),
    iv: fromHex(test.iv),
    aad: fromHex(mac ? test.msg : (test.aad ?? "")),
    plaintext: fromHex(mac ? "" : test.msg),
    ciphertext: fromHex(test.ct ?? ""),
    tag: fromHex(test.tag),
    valid: test.result === "valid",
  };
}
