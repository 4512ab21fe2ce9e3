/** Conformance family `wycheproof-ecdh`: key agreement on the NIST curves, peers as SubjectPublicKeyInfo or as points; by Web Crypto, and without. */
import { loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { fromHex, sameBytes } from "../hex.ts";
import type { Family } from "../result.ts";
import { element, unlessRefused } from "./keys.ts";
import { withoutNativeKeys } from "./without-curves.ts";
import { type Outcome, runWycheproof } from "./wycheproof.ts";

interface Group {
  readonly curve: string;
  readonly encoding: "asn" | "ecpoint";
}

interface Test {
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}

const CURVES = {
  secp256r1: { keySpec: "ECC_NIST_P256", length: 32, name: "2a8648ce3d030107" },
  secp384r1: { keySpec: "ECC_NIST_P384", length: 48, name: "2b81040022" },
  secp521r1: { keySpec: "ECC_NIST_P521", length: 66, name: "2b81040023" },
} as const;

const FILES = ["secp256r1", "secp256r1_ecpoint", "secp384r1", "secp521r1", "secp256k1"].map(
  (name) => `ecdh_${name}`,
);

export const wycheproofEcdh: Family = {
  id: "wycheproof-ecdh",
  run: async (vectors) => {
    const run = (engine: string) =>
      runWycheproof<Group, Test>("wycheproof-ecdh", engine, vectors, FILES, agree);
    return [await run("web-crypto"), await withoutNativeKeys(() => run("crypto"))];
  },
};

async function agree(group: Group, test: Test): Promise<Outcome> {
  if (group.curve === "secp256k1") return { skipped: "secp256k1: the KMS agrees no keys on it" };
  const { keySpec, length, name } = CURVES[group.curve as keyof typeof CURVES];
  const curve = element(0x30, element(0x06, fromHex("2a8648ce3d0201")), element(0x06, fromHex(name)));
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  const scalar = fromHex(
    BigInt(`0x${test.private}`)
      .toString(16)
      .padStart(2 * length, "0"),
  );
  const inner = element(0x30, Uint8Array.of(2, 1, 1), element(0x04, scalar));
  const own = await algorithm.importPrivateKey(
    element(0x30, Uint8Array.of(2, 1, 0), curve, element(0x04, inner)),
  );
  const bytes = fromHex(test.public);
  const peer =
    group.encoding === "asn" ? bytes : element(0x30, curve, element(0x03, Uint8Array.of(0), bytes));
  const secret = await unlessRefused("InvalidPublicKey", own.deriveSharedSecret(peer));
  if (secret === undefined) return false;
  if (!sameBytes(secret, fromHex(test.shared))) throw new Error("another secret");
  return true;
}
