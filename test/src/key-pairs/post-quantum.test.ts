/** ML-DSA and ML-KEM against OpenSSL 3.5, which Node.js has from version 24.7 on: what we make it takes, and the reverse. */
import * as nodeCrypto from "node:crypto";
import { type KeyPairSpec, loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import { describe, expect, test } from "vitest";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const hasPostQuantum = typeof nodeCrypto.encapsulate === "function";

async function pair(keySpec: KeyPairSpec) {
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  const { privateKey, publicKey } = await algorithm.generate(random);
  return {
    algorithm,
    spki: publicKey,
    secret: await algorithm.importPrivateKey(privateKey),
    shared: await algorithm.importPublicKey(publicKey),
    theirSecret: nodeCrypto.createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs8" }),
    theirShared: nodeCrypto.createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" }),
  };
}

/** A key of theirs, of a type that only newer type definitions know. */
function generate(type: string): { privateKey: nodeCrypto.KeyObject; publicKey: nodeCrypto.KeyObject } {
  return nodeCrypto.generateKeyPairSync(type as "ed25519");
}

const der = (key: nodeCrypto.KeyObject, type: "pkcs8" | "spki") =>
  new Uint8Array(key.export({ type, format: "der" }) as Buffer);
const shake = (bytes: Uint8Array) =>
  nodeCrypto.createHash("shake256", { outputLength: 64 }).update(bytes).digest();

const SPECS = ["ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"] as const;
describe.skipIf(!hasPostQuantum).each(SPECS)("%s and OpenSSL 3.5", (keySpec) => {
  test("keys: it reads ours, we read its, both find the same public key", async () => {
    const { algorithm, spki, theirSecret } = await pair(keySpec);
    expect(der(nodeCrypto.createPublicKey(theirSecret), "spki")).toEqual(spki);
    const theirs = generate(keySpec.toLowerCase().replaceAll("_", "-"));
    const read = await algorithm.importPrivateKey(der(theirs.privateKey, "pkcs8"));
    expect(read.publicKey).toEqual(der(theirs.publicKey, "spki"));
  });
});

describe.skipIf(!hasPostQuantum).each(["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"] as const)(
  "%s and OpenSSL 3.5",
  (keySpec) => {
    test("signatures: it verifies ours, of a message and of its μ, and we verify its", async () => {
      const { spki, secret, shared, theirSecret, theirShared } = await pair(keySpec);
      const message = random(1000);
      const name = "ML_DSA_SHAKE_256";
      // FIPS 204, Algorithm 7, line 6, over M′ = 0 ‖ |context| ‖ context ‖ M. The SPKI ends with the public key.
      const publicKey = spki.subarray(22);
      const mu = new Uint8Array(shake(Uint8Array.of(...shake(publicKey), 0, 0, ...message)));
      const ofMessage = await secret.sign(name, message, "RAW", random);
      const ofMu = await secret.sign(name, mu, "EXTERNAL_MU", random);
      const theirs = new Uint8Array(nodeCrypto.sign(null, message, theirSecret));
      expect(nodeCrypto.verify(null, message, theirShared, ofMessage)).toBe(true);
      expect(nodeCrypto.verify(null, message, theirShared, ofMu)).toBe(true);
      expect(nodeCrypto.verify(null, random(1000), theirShared, ofMu)).toBe(false);
      expect(await shared.verify(name, message, "RAW", theirs)).toBe(true);
      expect(await shared.verify(name, mu, "EXTERNAL_MU", theirs)).toBe(true);
      expect(await shared.verify(name, random(64), "EXTERNAL_MU", theirs)).toBe(false);
    });
  },
);

describe.skipIf(!hasPostQuantum).each(["ML_KEM_512", "ML_KEM_768", "ML_KEM_1024"] as const)(
  "%s and OpenSSL 3.5",
  (keySpec) => {
    test("secrets: it decapsulates ours, we decapsulate its, also of a ciphertext that was changed", async () => {
      const { secret, shared, theirSecret, theirShared } = await pair(keySpec);
      const ours = await shared.encapsulate(random);
      expect(new Uint8Array(nodeCrypto.decapsulate(theirSecret, ours.ciphertext))).toEqual(ours.sharedSecret);
      const theirs = nodeCrypto.encapsulate(theirShared);
      const ciphertext = new Uint8Array(theirs.ciphertext);
      expect(await secret.decapsulate(ciphertext)).toEqual(new Uint8Array(theirs.sharedKey));
      ciphertext[5] = (ciphertext[5] as number) ^ 1;
      const rejected = await secret.decapsulate(ciphertext);
      expect(new Uint8Array(nodeCrypto.decapsulate(theirSecret, ciphertext))).toEqual(rejected);
    });
  },
);
