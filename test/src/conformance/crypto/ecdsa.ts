/** Conformance family `wycheproof-ecdsa`: signatures in DER, on the KMS's curves with the hash that each goes with. */
import {
  type KeyPairAlgorithm,
  loadKeyPairAlgorithm,
  type PublicKey,
  type SigningAlgorithm,
} from "@kmslite/crypto/key-pairs";
import { fromHex } from "../hex.ts";
import type { Family } from "../result.ts";
import { publicKey } from "./keys.ts";
import { runWycheproof } from "./wycheproof.ts";

interface Group {
  readonly type: string;
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
  run: async (vectors) => {
    const keys = new Map<string, { algorithm: KeyPairAlgorithm; key: PublicKey | undefined }>();
    const result = await runWycheproof<Group, Test>(
      "wycheproof-ecdsa",
      "crypto",
      vectors,
      FILES,
      async (group, test) => {
        if (group.type === "EcdsaP1363Verify") return { skipped: "IEEE P1363 signatures: the KMS has DER" };
        const keySpec = SPECS[group.publicKey.curve as keyof typeof SPECS];
        const known = keys.get(group.publicKeyDer) ?? (await load(keySpec, group.publicKeyDer));
        keys.set(group.publicKeyDer, known);
        const name = known.algorithm.signingAlgorithms[0] as SigningAlgorithm;
        return (await known.key?.verify(name, fromHex(test.msg), "RAW", fromHex(test.sig))) ?? false;
      },
    );
    return [result];
  },
};

async function load(keySpec: (typeof SPECS)[keyof typeof SPECS], spki: string) {
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  return { algorithm, key: await publicKey(algorithm, fromHex(spki)) };
}
