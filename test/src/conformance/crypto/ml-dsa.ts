/**
 * Conformance families of ML-DSA. Signing is made deterministic by a hedge of zeros, as FIPS 204 §3.4 defines it. Tests with an
 * application context, which the KMS has not, run through μ, which is what `EXTERNAL_MU` is for.
 */
import { createHash } from "node:crypto";
import { type KeyPairSpec, loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { fromHex, sameBytes } from "../hex.ts";
import type { Family } from "../result.ts";
import { element, privateKey, publicKey } from "./keys.ts";
import { type Outcome, runWycheproof } from "./wycheproof.ts";

interface SignGroup {
  readonly privateSeed: string;
}

interface SignTest {
  readonly msg?: string;
  readonly mu?: string;
  readonly ctx?: string;
  readonly rnd?: string;
  readonly sig: string;
}

interface VerifyGroup {
  readonly publicKey: string;
  readonly publicKeyDer: string;
}

interface VerifyTest {
  readonly msg: string;
  readonly ctx?: string;
  readonly sig: string;
}

const ALGORITHM = "ML_DSA_SHAKE_256";
const SETS = [
  { file: "mldsa_44", keySpec: "ML_DSA_44", name: "608648016503040311" },
  { file: "mldsa_65", keySpec: "ML_DSA_65", name: "608648016503040312" },
  { file: "mldsa_87", keySpec: "ML_DSA_87", name: "608648016503040313" },
] as const;

export const wycheproofMlDsaSign: Family = {
  id: "wycheproof-ml-dsa-sign",
  run: async (vectors) => {
    const results = [];
    for (const { file, keySpec, name } of SETS) {
      const attempt = (group: SignGroup, test: SignTest) => sign(keySpec, name, group, test);
      results.push(
        await runWycheproof("wycheproof-ml-dsa-sign", file, vectors, [`${file}_sign_seed`], attempt),
      );
    }
    return results;
  },
};

export const wycheproofMlDsaVerify: Family = {
  id: "wycheproof-ml-dsa-verify",
  run: async (vectors) => {
    const results = [];
    for (const { file, keySpec } of SETS) {
      const attempt = (group: VerifyGroup, test: VerifyTest) => verify(keySpec, group, test);
      results.push(
        await runWycheproof("wycheproof-ml-dsa-verify", file, vectors, [`${file}_verify`], attempt),
      );
    }
    return results;
  },
};

async function sign(keySpec: KeyPairSpec, name: string, group: SignGroup, test: SignTest): Promise<Outcome> {
  const algorithm = element(0x30, element(0x06, fromHex(name)));
  const seed = element(0x04, element(0x80, fromHex(group.privateSeed)));
  const key = await privateKey(
    await loadKeyPairAlgorithm(keySpec),
    element(0x30, Uint8Array.of(2, 1, 0), algorithm, seed),
  );
  if (key === undefined) return false;
  if (test.mu === undefined && test.ctx !== undefined)
    return { skipped: "a context that is too long: the KMS has none" };
  const hedge = (length: number) => (test.rnd === undefined ? new Uint8Array(length) : fromHex(test.rnd));
  const signatures: Uint8Array[] = [];
  if (test.msg !== undefined && test.ctx === undefined) {
    signatures.push(await key.sign(ALGORITHM, fromHex(test.msg), "RAW", hedge));
  }
  if (test.mu !== undefined)
    signatures.push(await key.sign(ALGORITHM, fromHex(test.mu), "EXTERNAL_MU", hedge));
  return signatures.length > 0 && signatures.every((signature) => sameBytes(signature, fromHex(test.sig)));
}

async function verify(keySpec: KeyPairSpec, group: VerifyGroup, test: VerifyTest): Promise<Outcome> {
  const key = await publicKey(await loadKeyPairAlgorithm(keySpec), fromHex(group.publicKeyDer));
  if (key === undefined) return false;
  const message = fromHex(test.msg);
  const context = fromHex(test.ctx ?? "");
  if (context.length > 255) return { skipped: "a context that is too long: the KMS has none" };
  // FIPS 204, Algorithm 7, line 6, over M′ = 0 ‖ |context| ‖ context ‖ M.
  const formatted = Uint8Array.of(
    ...shake(fromHex(group.publicKey)),
    0,
    context.length,
    ...context,
    ...message,
  );
  const ofMu = await key.verify(ALGORITHM, shake(formatted), "EXTERNAL_MU", fromHex(test.sig));
  if (test.ctx !== undefined) return ofMu;
  const ofMessage = await key.verify(ALGORITHM, message, "RAW", fromHex(test.sig));
  if (ofMu !== ofMessage) throw new Error("RAW and EXTERNAL_MU disagree");
  return ofMessage;
}

function shake(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("shake256", { outputLength: 64 }).update(bytes).digest());
}
