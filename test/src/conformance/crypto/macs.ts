/** Conformance families of HMAC and HKDF: Wycheproof's, and the examples of RFC 4231 and RFC 5869 in NIST's form. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deriveHkdf, type HkdfHash } from "@kmslite/crypto/hkdf";
import { generateMac, type MacAlgorithm, verifyMac } from "@kmslite/crypto/hmac";
import { fromHex, sameBytes } from "../hex.ts";
import { parseResponseFile } from "../response-file.ts";
import { absentResult, countedResult, type Family } from "../result.ts";
import { runWycheproof } from "./wycheproof.ts";

interface HmacGroup {
  readonly tagSize: number;
}

interface HmacTest {
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
}

interface HkdfTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
}

export const wycheproofHmac: Family = {
  id: "wycheproof-hmac",
  run: async (vectors) => {
    const results = [];
    for (const bits of [224, 256, 384, 512]) {
      const name = `HMAC_SHA_${bits}` as MacAlgorithm;
      const verify = (group: HmacGroup, test: HmacTest) => {
        if (group.tagSize !== bits) return { skipped: "truncated tags: the KMS has none" };
        return verifyMac(name, fromHex(test.key), fromHex(test.msg), fromHex(test.tag));
      };
      results.push(
        await runWycheproof("wycheproof-hmac", `sha-${bits}`, vectors, [`hmac_sha${bits}`], verify),
      );
    }
    return results;
  },
};

export const wycheproofHkdf: Family = {
  id: "wycheproof-hkdf",
  run: async (vectors) => {
    const results = [];
    for (const bits of [256, 384, 512]) {
      const derive = (_group: unknown, test: HkdfTest) => {
        const derived = hkdfUnlessTooLong(`SHA-${bits}` as HkdfHash, test);
        return derived !== undefined && sameBytes(derived, fromHex(test.okm));
      };
      results.push(
        await runWycheproof("wycheproof-hkdf", `sha-${bits}`, vectors, [`hkdf_sha${bits}`], derive),
      );
    }
    return results;
  },
};

function hkdfUnlessTooLong(hash: HkdfHash, { ikm, salt, info, size }: HkdfTest): Uint8Array | undefined {
  try {
    return deriveHkdf(hash, fromHex(ikm), fromHex(salt), fromHex(info), size);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const RFC_4231 = [224, 256, 384, 512].map((bits) => `nist-cavp/kbkdf/rfc-4231-sha${bits}.txt`);
const RFC_5869 = "nist-cavp/kbkdf/rfc-5869-HKDF-SHA256.txt";

/** RFC 4231's tests without the one of a truncated tag, which these files leave out. */
export const rfcMacs: Family = {
  id: "rfc-4231-and-5869",
  run: async (vectors) => {
    const absent = [...RFC_4231, RFC_5869].filter((file) => !existsSync(join(vectors, file)));
    if (absent.length > 0) return [absentResult("rfc-4231-and-5869", "crypto", absent)];
    const failures: string[] = [];
    let tried = 0;
    for (const file of RFC_4231) {
      const name = `HMAC_SHA_${file.slice(-7, -4)}` as MacAlgorithm;
      for (const { fields } of parseResponseFile(readFileSync(join(vectors, file), "latin1"), "Len")) {
        tried++;
        const tag = generateMac(name, fromHex(fields["Key"] ?? ""), fromHex(fields["Msg"] ?? ""));
        if (!sameBytes(tag, fromHex(fields["MD"] ?? ""))) failures.push(`${file}, test ${tried}`);
      }
    }
    for (const { fields } of parseResponseFile(readFileSync(join(vectors, RFC_5869), "latin1"), "COUNT")) {
      tried++;
      const { IKM = "", salt = "", info = "", L, OKM = "" } = fields;
      const derived = deriveHkdf("SHA-256", fromHex(IKM), fromHex(salt), fromHex(info), Number(L));
      if (!sameBytes(derived, fromHex(OKM))) failures.push(`${RFC_5869}, COUNT ${fields["COUNT"]}`);
    }
    return [countedResult("rfc-4231-and-5869", "crypto", tried, failures)];
  },
};
