/** Every algorithm that the `openssl` command line has, each way: what we make it takes, and what it makes we take. */
import {
  type KeyPairSpec,
  loadKeyPairAlgorithm,
  type MessageType,
  type SigningAlgorithm,
} from "@kmslite/crypto/key-pairs";
import { describe, expect, test } from "vitest";
import * as openssl from "./openssl.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const RSA: readonly SigningAlgorithm[] = [
  "RSASSA_PSS_SHA_256",
  "RSASSA_PSS_SHA_384",
  "RSASSA_PSS_SHA_512",
  "RSASSA_PKCS1_V1_5_SHA_256",
  "RSASSA_PKCS1_V1_5_SHA_384",
  "RSASSA_PKCS1_V1_5_SHA_512",
];
const SPECS: Partial<Record<KeyPairSpec, readonly SigningAlgorithm[]>> = {
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: ["ECDSA_SHA_256"],
  ECC_NIST_P384: ["ECDSA_SHA_384"],
  ECC_NIST_P521: ["ECDSA_SHA_512"],
  ECC_SECG_P256K1: ["ECDSA_SHA_256"],
  ECC_NIST_EDWARDS25519: ["ED25519_SHA_512"],
  SM2: ["SM2DSA"],
};
const ENCRYPTION = {
  RSAES_OAEP_SHA_1: ["rsa_padding_mode:oaep", "rsa_oaep_md:sha1", "rsa_mgf1_md:sha1"],
  RSAES_OAEP_SHA_256: ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"],
  SM2PKE: [],
} as const;

function digestLength(algorithm: SigningAlgorithm): number {
  return algorithm === "SM2DSA" ? 32 : Number(algorithm.slice(-3)) / 8;
}

async function pair(keySpec: KeyPairSpec) {
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  const { privateKey: pkcs8, publicKey: spki } = await algorithm.generate(random);
  const secret = await algorithm.importPrivateKey(pkcs8);
  return { algorithm, pkcs8, spki, secret, shared: await algorithm.importPublicKey(spki) };
}

const specs = Object.entries(SPECS) as [KeyPairSpec, readonly SigningAlgorithm[]][];
describe.skipIf(!openssl.hasOpenssl).each(specs)("%s and openssl", (keySpec, algorithms) => {
  test("keys: it reads ours, we read its, both find the same public key", async () => {
    const { algorithm, pkcs8, spki } = await pair(keySpec);
    expect(openssl.publicKeyOf(pkcs8)).toEqual(spki);
    const theirs = openssl.generate(keySpec);
    expect((await algorithm.importPrivateKey(theirs.pkcs8)).publicKey).toEqual(theirs.spki);
    await algorithm.importPublicKey(theirs.spki);
  });

  test("signatures: it verifies ours, we verify its, and neither takes one over something else", async () => {
    const { pkcs8, spki, secret, shared } = await pair(keySpec);
    for (const algorithm of algorithms) {
      const types: readonly MessageType[] = algorithm === "ED25519_SHA_512" ? ["RAW"] : ["RAW", "DIGEST"];
      for (const type of types) {
        const message = random(type === "RAW" ? 1000 : digestLength(algorithm));
        const other = message.map((byte, index) => byte ^ Number(index === 3));
        const ours = await secret.sign(algorithm, message, type, random);
        expect(openssl.verify(spki, algorithm, message, type, ours), `${algorithm} ${type}`).toBe(true);
        expect(openssl.verify(spki, algorithm, other, type, ours), `${algorithm} ${type}`).toBe(false);
        const theirs = openssl.sign(pkcs8, algorithm, message, type);
        expect(await shared.verify(algorithm, message, type, theirs), `${algorithm} ${type}`).toBe(true);
        expect(await shared.verify(algorithm, other, type, theirs), `${algorithm} ${type}`).toBe(false);
      }
    }
  });
});

describe.skipIf(!openssl.hasOpenssl).each(["RSA_2048", "RSA_3072", "RSA_4096", "SM2"] as const)(
  "%s and openssl",
  (keySpec) => {
    test("ciphertexts: it decrypts ours, we decrypt its", async () => {
      const { algorithm, pkcs8, spki, secret, shared } = await pair(keySpec);
      for (const name of algorithm.encryptionAlgorithms) {
        const plaintext = random(100);
        const ours = await shared.encrypt(name, plaintext, random);
        expect(openssl.decrypt(pkcs8, ENCRYPTION[name], ours), name).toEqual(plaintext);
        const theirs = openssl.encrypt(spki, ENCRYPTION[name], plaintext);
        expect(await secret.decrypt(name, theirs), name).toEqual(plaintext);
      }
    });
  },
);

describe.skipIf(!openssl.hasOpenssl).each(["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"] as const)(
  "%s and openssl",
  (keySpec) => {
    test("key agreement: both derive the same secret", async () => {
      const { pkcs8, spki, secret } = await pair(keySpec);
      const theirs = openssl.generate(keySpec);
      const derived = await secret.deriveSharedSecret(theirs.spki);
      expect(openssl.derive(theirs.pkcs8, spki)).toEqual(derived);
      expect(openssl.derive(pkcs8, theirs.spki)).toEqual(derived);
    });
  },
);
