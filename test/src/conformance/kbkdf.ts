/**
 * Conformance family `nist-cavp-kbkdf`: NIST's CAVP for the SP 800-108 KDF in counter mode (CAVS 14.4), with HMAC-SHA-256 and
 * the counter before the fixed input, of 8 to 32 bits.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HmacSha256Key, kbkdfCounter } from "@kmslite/crypto";
import { fromHex, sameBytes } from "./hex.ts";
import { parseResponseFile } from "./response-file.ts";
import { absentResult, countedResult, type Family } from "./result.ts";

const FILE = "nist-cavp/kbkdf/nist-800-108-KBKDF-CTR.HMAC-SHA2.CMAC-AES256.txt";
const COUNTERS = { "8_BITS": 8, "16_BITS": 16, "24_BITS": 24, "32_BITS": 32 } as const;

export const nistKbkdf: Family = {
  id: "nist-cavp-kbkdf",
  run: async (vectors) => {
    const path = join(vectors, FILE);
    if (!existsSync(path)) return [absentResult("nist-cavp-kbkdf", "crypto", [FILE])];
    const cases = parseResponseFile(readFileSync(path, "latin1"), "COUNT").filter(
      ({ section }) => section["PRF"] === "HMAC_SHA256" && section["CTRLOCATION"] === "BEFORE_FIXED",
    );
    const failures: string[] = [];
    for (const { section, fields } of cases) {
      const { KI = "", FixedInputData = "", KO = "", L } = fields;
      const counterBits = COUNTERS[section["RLEN"] as keyof typeof COUNTERS];
      const derived = kbkdfCounter(
        new HmacSha256Key(fromHex(KI)),
        fromHex(FixedInputData),
        Number(L) / 8,
        counterBits,
      );
      if (!sameBytes(derived, fromHex(KO)))
        failures.push(`RLEN ${section["RLEN"]}, COUNT ${fields["COUNT"]}`);
    }
    return [countedResult("nist-cavp-kbkdf", "crypto", cases.length, failures)];
  },
};
