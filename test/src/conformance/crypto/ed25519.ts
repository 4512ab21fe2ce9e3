/** Conformance family `wycheproof-ed25519`. */
import { loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { fromHex } from "../hex.ts";
import type { Family } from "../result.ts";
import { publicKey } from "./keys.ts";
import { runWycheproof } from "./wycheproof.ts";

interface Group {
  readonly publicKeyDer: string;
}

interface Test {
  readonly msg: string;
  readonly sig: string;
}

export const wycheproofEd25519: Family = {
  id: "wycheproof-ed25519",
  run: async (vectors) => {
    const algorithm = await loadKeyPairAlgorithm("ECC_NIST_EDWARDS25519");
    const verify = async (group: Group, test: Test) => {
      const key = await publicKey(algorithm, fromHex(group.publicKeyDer));
      return (await key?.verify("ED25519_SHA_512", fromHex(test.msg), "RAW", fromHex(test.sig))) ?? false;
    };
    return [await runWycheproof("wycheproof-ed25519", "crypto", vectors, ["ed25519"], verify)];
  },
};
