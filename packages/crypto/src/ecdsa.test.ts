import { createECDH, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eccNistP256, eccNistP384, eccNistP521, eccSecgP256k1 } from "./ecdsa.ts";
import {
  type KeyPairAlgorithm,
  KeyPairError,
  loadKeyPairAlgorithm,
  type SigningAlgorithm,
} from "./key-pairs.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const curves = [
  { algorithm: eccNistP256, name: "prime256v1", digestLength: 32 },
  { algorithm: eccNistP384, name: "secp384r1", digestLength: 48 },
  { algorithm: eccNistP521, name: "secp521r1", digestLength: 64 },
  { algorithm: eccSecgP256k1, name: "secp256k1", digestLength: 32 },
];

function signing(algorithm: KeyPairAlgorithm): SigningAlgorithm {
  return algorithm.signingAlgorithms[0] as SigningAlgorithm;
}

function nodeKeys(name: string) {
  return generateKeyPairSync("ec", {
    namedCurve: name,
    privateKeyEncoding: { type: "pkcs8", format: "der" },
    publicKeyEncoding: { type: "spki", format: "der" },
  });
}

async function code(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing thrown",
    (error: unknown) => (error instanceof KeyPairError ? error.code : `${error}`),
  );
}

describe.each(curves)("$algorithm.keySpec", ({ algorithm, name, digestLength }) => {
  test("is what the dispatcher loads", async () => {
    expect(await loadKeyPairAlgorithm(algorithm.keySpec)).toBe(algorithm);
  });

  test("a signature verifies, and not with any bit flipped, nor over another message", async () => {
    const { privateKey, publicKey } = await algorithm.generate(random);
    const secret = await algorithm.importPrivateKey(privateKey);
    const shared = await algorithm.importPublicKey(publicKey);
    expect(secret.publicKey).toEqual(publicKey);
    const anything = fc.uint8Array({ maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(anything, fc.nat(), async (message, at) => {
        const signature = await secret.sign(signing(algorithm), message, "RAW", random);
        expect(await shared.verify(signing(algorithm), message, "RAW", signature)).toBe(true);
        const flipped = signature.slice();
        const byte = at % signature.length;
        flipped[byte] = (flipped[byte] as number) ^ (1 << (at & 7));
        expect(await shared.verify(signing(algorithm), message, "RAW", flipped)).toBe(false);
        const other = Uint8Array.of(...message, 0);
        expect(await shared.verify(signing(algorithm), other, "RAW", signature)).toBe(false);
      }),
      { numRuns: 5 },
    );
  });

  test("a digest has the length of its hash, one byte less or more is refused", async () => {
    const { privateKey, publicKey } = await algorithm.generate(random);
    const secret = await algorithm.importPrivateKey(privateKey);
    const shared = await algorithm.importPublicKey(publicKey);
    const digest = random(digestLength);
    const signature = await secret.sign(signing(algorithm), digest, "DIGEST", random);
    expect(await shared.verify(signing(algorithm), digest, "DIGEST", signature)).toBe(true);
    for (const length of [digestLength - 1, digestLength + 1]) {
      const wrong = random(length);
      expect(await code(secret.sign(signing(algorithm), wrong, "DIGEST", random))).toBe("InvalidMessage");
      expect(await code(shared.verify(signing(algorithm), wrong, "DIGEST", signature))).toBe(
        "InvalidMessage",
      );
    }
  });

  test("what its keys can't do is refused by name", async () => {
    const { privateKey, publicKey } = await algorithm.generate(random);
    const secret = await algorithm.importPrivateKey(privateKey);
    const shared = await algorithm.importPublicKey(publicKey);
    const message = random(64);
    const refusals = [
      secret.sign("SM2DSA", message, "RAW", random),
      secret.sign(signing(algorithm), message, "EXTERNAL_MU", random),
      secret.decrypt("SM2PKE", message),
      secret.decapsulate(message),
      shared.verify("SM2DSA", message, "RAW", message),
      shared.verify(signing(algorithm), message, "EXTERNAL_MU", message),
      shared.encrypt("SM2PKE", message, random),
      shared.encapsulate(random),
    ];
    for (const refusal of refusals) expect(await code(refusal)).toBe("UnsupportedAlgorithm");
  });

  test("private keys of OpenSSL are read, and written as it writes them", async () => {
    const { privateKey, publicKey } = nodeKeys(name);
    const secret = await algorithm.importPrivateKey(new Uint8Array(privateKey));
    expect(secret.publicKey).toEqual(new Uint8Array(publicKey));
    const ours = await algorithm.generate(random);
    expect(ours.privateKey).toHaveLength(privateKey.length);
    expect(ours.privateKey.subarray(0, 30)).toEqual(new Uint8Array(privateKey.subarray(0, 30)));
  });

  test("changing, cutting or lengthening a private key never throws anything but its error", async () => {
    const { privateKey } = await algorithm.generate(random);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(privateKey.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const edited = privateKey.slice();
          edited[at] = (edited[at] as number) ^ change;
          // Its public key stands inside, so that a change of either is noticed.
          expect(await code(algorithm.importPrivateKey(edited))).toBe("InvalidPrivateKey");
          expect(await code(algorithm.importPrivateKey(privateKey.subarray(0, at)))).toBe(
            "InvalidPrivateKey",
          );
        },
      ),
      { numRuns: 20 },
    );
    expect(await code(algorithm.importPrivateKey(Uint8Array.of(...privateKey, 0)))).toBe("InvalidPrivateKey");
  });

  test("a public key off the curve, cut off or with bytes behind it is refused", async () => {
    const { publicKey } = await algorithm.generate(random);
    const off = publicKey.slice();
    off[off.length - 1] = (off.at(-1) as number) ^ 1;
    for (const wrong of [
      off,
      publicKey.subarray(1),
      publicKey.subarray(0, -1),
      Uint8Array.of(...publicKey, 0),
    ]) {
      expect(await code(algorithm.importPublicKey(wrong))).toBe("InvalidPublicKey");
    }
  });

  test("keys of another curve are refused", async () => {
    const other = algorithm === eccNistP256 ? eccSecgP256k1 : eccNistP256;
    const { privateKey, publicKey } = await other.generate(random);
    expect(await code(algorithm.importPrivateKey(privateKey))).toBe("InvalidPrivateKey");
    expect(await code(algorithm.importPublicKey(publicKey))).toBe("InvalidPublicKey");
  });
});

test.each(curves.filter(({ algorithm }) => algorithm.agreesKeys))(
  "$algorithm.keySpec agrees with node:crypto on the shared secret",
  async ({ algorithm, name }) => {
    const ours = await algorithm.importPrivateKey((await algorithm.generate(random)).privateKey);
    const theirs = createECDH(name);
    const pointLength = theirs.generateKeys().length;
    const theirPublicKey = ours.publicKey.slice();
    theirPublicKey.set(theirs.getPublicKey(), theirPublicKey.length - pointLength);
    const expected = theirs.computeSecret(ours.publicKey.subarray(-pointLength));
    expect(await ours.deriveSharedSecret(theirPublicKey)).toEqual(new Uint8Array(expected));
  },
);

test("secp256k1 keys agree on nothing, as at the KMS", async () => {
  const { privateKey, publicKey } = await eccSecgP256k1.generate(random);
  const secret = await eccSecgP256k1.importPrivateKey(privateKey);
  expect(await code(secret.deriveSharedSecret(publicKey))).toBe("UnsupportedAlgorithm");
});

test("a destroyed key signs nothing", async () => {
  const { privateKey } = await eccNistP256.generate(random);
  const secret = await eccNistP256.importPrivateKey(privateKey);
  secret.destroy();
  await expect(secret.sign("ECDSA_SHA_256", Uint8Array.of(), "RAW", random)).rejects.toThrow();
});
