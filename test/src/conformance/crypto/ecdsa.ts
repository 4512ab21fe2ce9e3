/**
 * Conformance family `wycheproof-ecdsa`: signatures in DER, on the KMS's curves with the hash that each goes with. `RAW` is Web
 * Crypto's where it has the curve, `DIGEST` is ours.
 */
import { createHash } from "node:crypto";
import { loadKeyPairAlgorithm, type MessageType, type SigningAlgorithm } from "@kmslite/crypto/key-pairs";
import { fromHex } from "../hex.ts";
import type { Family } from "../result.ts";
import { publicKey } from "./keys.ts";
import { type Outcome, runWycheproof } from "./wycheproof.ts";

interface Group {
  readonly type: string;
  readonly sha: string;
  readonly publicKeyDer: string;
  readonly publicKey: { readonly curve: string };
}

interface Test {
  readonly msg: string;
  readonly sig: string;
}

const SPECS = {
  secp256r1: "ECC_NIST_P256",
  secp384r1: "ECC_NIST_P384",
  secp521r1: "ECC_NIST_P521",
  secp256k1: "ECC_SECG_P256K1",
} as const;

const CURVES = ["secp256r1_sha256", "secp384r1_sha384", "secp521r1_sha512", "secp256k1_sha256"];
const FILES = CURVES.flatMap((curve) => [`ecdsa_${curve}`, `ecdsa_${curve}_p1363`]);

export const wycheproofEcdsa: Family = {
  id: "wycheproof-ecdsa",
  run: async (vectors) => [
    await runWycheproof<Group, Test>("wycheproof-ecdsa", "web-crypto", vectors, FILES, (group, test) => {
      // Web Crypto does not have secp256k1, whose messages are verified like digests.
      return verify("RAW", group, fromHex(test.msg), test);
    }),
    await runWycheproof<Group, Test>("wycheproof-ecdsa", "crypto", vectors, FILES, (group, test) => {
      const hash = createHash(group.sha.toLowerCase().replace("-", ""));
      return verify("DIGEST", group, new Uint8Array(hash.update(fromHex(test.msg)).digest()), test);
    }),
  ],
};

async function verify(type: MessageType, group: Group, message: Uint8Array, test: Test): Promise<Outcome> {
  if (group.type === "EcdsaP1363Verify") return { skipped: "IEEE P1363 signatures: the KMS has DER" };
  const { algorithm, key } = await load(
    SPECS[group.publicKey.curve as keyof typeof SPECS],
    group.publicKeyDer,
  );
  const name = algorithm.signingAlgorithms[0] as SigningAlgorithm;
  return (await key?.verify(name, message, type, fromHex(test.sig))) ?? false;
}

async function load(keySpec: (typeof SPECS)[keyof typeof SPECS], spki: string) {
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  return { algorithm, key: await publicKey(algorithm, fromHex(spki)) };
}
