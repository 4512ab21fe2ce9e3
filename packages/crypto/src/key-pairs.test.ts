import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type KeyPairAlgorithm,
  KeyPairError,
  type KeyPairSpec,
  loadKeyPairAlgorithm,
  type MessageType,
  type PrivateKey,
  type PublicKey,
  type SigningAlgorithm,
} from "./key-pairs.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** Each spec, with the message types of its signing algorithms and the length of what is no RAW message. */
const SIGNERS: readonly [KeyPairSpec, SigningAlgorithm, MessageType, number?][] = [
  ["RSA_2048", "RSASSA_PSS_SHA_256", "RAW"],
  ["RSA_2048", "RSASSA_PSS_SHA_256", "DIGEST", 32],
  ["RSA_2048", "RSASSA_PSS_SHA_384", "DIGEST", 48],
  ["RSA_2048", "RSASSA_PSS_SHA_512", "DIGEST", 64],
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", "RAW"],
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", "DIGEST", 32],
  ["RSA_3072", "RSASSA_PSS_SHA_384", "RAW"],
  ["RSA_3072", "RSASSA_PSS_SHA_384", "DIGEST", 48],
  ["RSA_3072", "RSASSA_PKCS1_V1_5_SHA_384", "RAW"],
  ["RSA_3072", "RSASSA_PKCS1_V1_5_SHA_384", "DIGEST", 48],
  ["RSA_4096", "RSASSA_PSS_SHA_512", "RAW"],
  ["RSA_4096", "RSASSA_PSS_SHA_512", "DIGEST", 64],
  ["RSA_4096", "RSASSA_PKCS1_V1_5_SHA_512", "RAW"],
  ["RSA_4096", "RSASSA_PKCS1_V1_5_SHA_512", "DIGEST", 64],
  ["ECC_NIST_P256", "ECDSA_SHA_256", "RAW"],
  ["ECC_NIST_P256", "ECDSA_SHA_256", "DIGEST", 32],
  ["ECC_NIST_P384", "ECDSA_SHA_384", "RAW"],
  ["ECC_NIST_P384", "ECDSA_SHA_384", "DIGEST", 48],
  ["ECC_NIST_P521", "ECDSA_SHA_512", "RAW"],
  ["ECC_NIST_P521", "ECDSA_SHA_512", "DIGEST", 64],
  ["ECC_SECG_P256K1", "ECDSA_SHA_256", "RAW"],
  ["ECC_SECG_P256K1", "ECDSA_SHA_256", "DIGEST", 32],
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "RAW"],
  ["ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "DIGEST", 64],
  ["SM2", "SM2DSA", "RAW"],
  ["SM2", "SM2DSA", "DIGEST", 32],
  ["ML_DSA_44", "ML_DSA_SHAKE_256", "RAW"],
  ["ML_DSA_44", "ML_DSA_SHAKE_256", "EXTERNAL_MU", 64],
  ["ML_DSA_65", "ML_DSA_SHAKE_256", "RAW"],
  ["ML_DSA_65", "ML_DSA_SHAKE_256", "EXTERNAL_MU", 64],
  ["ML_DSA_87", "ML_DSA_SHAKE_256", "RAW"],
  ["ML_DSA_87", "ML_DSA_SHAKE_256", "EXTERNAL_MU", 64],
];

const SPECS: readonly KeyPairSpec[] = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "ECC_NIST_EDWARDS25519",
  "SM2",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
  "ML_KEM_512",
  "ML_KEM_768",
  "ML_KEM_1024",
];

/** Length in bytes of the shared secret of specs whose keys agree. */
const AGREEING: Partial<Record<KeyPairSpec, number>> = {
  ECC_NIST_P256: 32,
  ECC_NIST_P384: 48,
  ECC_NIST_P521: 66,
  SM2: 32,
};

interface Keys {
  readonly algorithm: KeyPairAlgorithm;
  readonly pkcs8: Uint8Array;
  readonly spki: Uint8Array;
  readonly secret: PrivateKey;
  readonly shared: PublicKey;
}

const made = new Map<KeyPairSpec, Promise<Keys>>();

/** One key pair a spec; making them takes a while. */
function keysOf(keySpec: KeyPairSpec): Promise<Keys> {
  const known = made.get(keySpec) ?? makeKeys(keySpec);
  made.set(keySpec, known);
  return known;
}

async function makeKeys(keySpec: KeyPairSpec): Promise<Keys> {
  const algorithm = await loadKeyPairAlgorithm(keySpec);
  const { privateKey, publicKey } = await algorithm.generate(random);
  return {
    algorithm,
    pkcs8: privateKey,
    spki: publicKey,
    secret: await algorithm.importPrivateKey(privateKey),
    shared: await algorithm.importPublicKey(publicKey),
  };
}

async function code(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing thrown",
    (error: unknown) => (error instanceof KeyPairError ? error.code : `${error}`),
  );
}

function withFlippedBit(bytes: Uint8Array, at: number): Uint8Array {
  const flipped = bytes.slice();
  const byte = (at >> 3) % bytes.length;
  flipped[byte] = (flipped[byte] as number) ^ (1 << (at & 7));
  return flipped;
}

describe.each(SIGNERS)("%s, %s, %s", (keySpec, algorithm, messageType, length) => {
  test("a signature verifies, and neither with a flipped bit nor over another message", async () => {
    const { secret, shared } = await keysOf(keySpec);
    const message = fc.uint8Array(
      length === undefined ? { maxLength: 200 } : { minLength: length, maxLength: length },
    );
    await fc.assert(
      fc.asyncProperty(message, fc.nat(100_000), async (text, at) => {
        const signature = await secret.sign(algorithm, text, messageType, random);
        expect(await shared.verify(algorithm, text, messageType, signature)).toBe(true);
        const changed = withFlippedBit(signature, at);
        expect(await shared.verify(algorithm, text, messageType, changed)).toBe(false);
        const other = length === undefined ? Uint8Array.of(...text, 0) : withFlippedBit(text, at);
        expect(await shared.verify(algorithm, other, messageType, signature)).toBe(false);
      }),
      { numRuns: 4 },
    );
  });

  test("a signature that is cut off, longer or empty is just not valid", async () => {
    const { secret, shared } = await keysOf(keySpec);
    const message = random(length ?? 100);
    const signature = await secret.sign(algorithm, message, messageType, random);
    const others = [
      signature.subarray(1),
      signature.subarray(0, -1),
      Uint8Array.of(...signature, 0),
      new Uint8Array(),
    ];
    for (const other of others)
      expect(await shared.verify(algorithm, message, messageType, other)).toBe(false);
  });

  if (length !== undefined) {
    test("one byte less or more than the algorithm says is refused", async () => {
      const { secret, shared } = await keysOf(keySpec);
      for (const wrong of [random(length - 1), random(length + 1)]) {
        expect(await code(secret.sign(algorithm, wrong, messageType, random))).toBe("InvalidMessage");
        expect(await code(shared.verify(algorithm, wrong, messageType, wrong))).toBe("InvalidMessage");
      }
    });
  }
});

describe.each(SPECS)("%s keys", (keySpec) => {
  test("come with their public key", async () => {
    const { algorithm, secret, shared, spki } = await keysOf(keySpec);
    expect([algorithm.keySpec, secret.keySpec, shared.keySpec]).toEqual([keySpec, keySpec, keySpec]);
    expect(secret.publicKey).toEqual(spki);
  });

  test("do what their spec says, and refuse the rest by name", async () => {
    const { algorithm, secret, shared } = await keysOf(keySpec);
    const refused: (() => Promise<unknown>)[] = [];
    for (const name of new Set(SIGNERS.map((row) => row[1]))) {
      for (const messageType of ["RAW", "DIGEST", "EXTERNAL_MU"] as const) {
        const row = SIGNERS.find((known) => known[1] === name && known[2] === messageType);
        if (row !== undefined && algorithm.signingAlgorithms.includes(name)) continue;
        refused.push(() => secret.sign(name, random(row?.[3] ?? 64), messageType, random));
        refused.push(() => shared.verify(name, random(row?.[3] ?? 64), messageType, random(64)));
      }
    }
    for (const name of ["RSAES_OAEP_SHA_256", "SM2PKE"] as const) {
      if (algorithm.encryptionAlgorithms.includes(name)) continue;
      refused.push(
        () => secret.decrypt(name, random(64)),
        () => shared.encrypt(name, random(16), random),
      );
    }
    if (!algorithm.agreesKeys) refused.push(() => secret.deriveSharedSecret(secret.publicKey));
    if (!algorithm.encapsulates) refused.push(() => secret.decapsulate(random(64)));
    if (!algorithm.encapsulates) refused.push(() => shared.encapsulate(random));
    for (const refusal of refused) expect(await code(refusal())).toBe("UnsupportedAlgorithm");
  });

  test("that were cut off or changed are refused by the one error, or are another key", async () => {
    const { algorithm, pkcs8, spki } = await keysOf(keySpec);
    expect(await code(algorithm.importPrivateKey(Uint8Array.of(...pkcs8, 0)))).toBe("InvalidPrivateKey");
    expect(await code(algorithm.importPublicKey(Uint8Array.of(...spki, 0)))).toBe("InvalidPublicKey");
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), async (at) => {
        expect(await code(algorithm.importPrivateKey(pkcs8.subarray(0, at % pkcs8.length)))).toBe(
          "InvalidPrivateKey",
        );
        expect(await code(algorithm.importPublicKey(spki.subarray(0, at % spki.length)))).toBe(
          "InvalidPublicKey",
        );
        // The last 32 bytes of an ML-KEM seed are z, which the public key does not depend on.
        const where = algorithm.encapsulates ? at % (8 * (pkcs8.length - 32)) : at;
        const edited = await algorithm.importPrivateKey(withFlippedBit(pkcs8, where)).then(
          (key) => key.publicKey,
          (error: unknown) => (error instanceof KeyPairError ? error.code : `${error}`),
        );
        // A seed is any bytes, so that another seed is another key; never the same one.
        expect(edited).not.toEqual(spki);
        if (typeof edited === "string") expect(edited).toBe("InvalidPrivateKey");
        const editedPublic = await code(algorithm.importPublicKey(withFlippedBit(spki, at)));
        expect(["InvalidPublicKey", "nothing thrown"]).toContain(editedPublic);
      }),
      { numRuns: 20 },
    );
  });

  test("of any other spec are refused", async () => {
    const { algorithm } = await keysOf(keySpec);
    for (const other of SPECS.filter((spec) => spec !== keySpec)) {
      const { pkcs8, spki } = await keysOf(other);
      expect(await code(algorithm.importPrivateKey(pkcs8))).toBe("InvalidPrivateKey");
      expect(await code(algorithm.importPublicKey(spki))).toBe("InvalidPublicKey");
    }
  });

  test("do nothing once destroyed, or at least not what they did", async () => {
    const { algorithm, pkcs8, shared } = await keysOf(keySpec);
    const secret = await algorithm.importPrivateKey(pkcs8);
    secret.destroy();
    if (algorithm.encapsulates) {
      const { ciphertext, sharedSecret } = await shared.encapsulate(random);
      expect(await secret.decapsulate(ciphertext).catch(() => undefined)).not.toEqual(sharedSecret);
      return;
    }
    const [, name, messageType, length] = SIGNERS.find(
      ([spec]) => spec === keySpec,
    ) as (typeof SIGNERS)[number];
    const message = random(length ?? 10);
    const signature = await secret.sign(name, message, messageType, random).catch(() => new Uint8Array());
    expect(await shared.verify(name, message, messageType, signature)).toBe(false);
  });
});

describe.each(Object.entries(AGREEING) as [KeyPairSpec, number][])("%s key agreement", (keySpec, length) => {
  test("both sides derive one secret, as long as the field", async () => {
    const { algorithm, secret, spki } = await keysOf(keySpec);
    expect(algorithm.agreesKeys).toBe(true);
    const other = await algorithm.generate(random);
    const theirs = await algorithm.importPrivateKey(other.privateKey);
    const derived = await secret.deriveSharedSecret(other.publicKey);
    expect(derived).toHaveLength(length);
    expect(await theirs.deriveSharedSecret(spki)).toEqual(derived);
  });

  test("a point that is not on the curve is refused", async () => {
    const { secret, spki } = await keysOf(keySpec);
    const off = withFlippedBit(spki, 8 * (spki.length - 1));
    expect(await code(secret.deriveSharedSecret(off))).toBe("InvalidPublicKey");
  });
});

describe.each(SPECS.filter((spec) => spec.startsWith("ML_KEM")))("%s", (keySpec) => {
  test("who decapsulates has the secret that was encapsulated, and another one after any flipped bit", async () => {
    const { secret, shared } = await keysOf(keySpec);
    const { sharedSecret, ciphertext } = await shared.encapsulate(random);
    expect(sharedSecret).toHaveLength(32);
    expect(await secret.decapsulate(ciphertext)).toEqual(sharedSecret);
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), async (at) => {
        const other = await secret.decapsulate(withFlippedBit(ciphertext, at));
        expect(other).toHaveLength(32);
        expect(other).not.toEqual(sharedSecret);
      }),
      { numRuns: 10 },
    );
  });

  test("a ciphertext of another length is refused", async () => {
    const { secret, shared } = await keysOf(keySpec);
    const { ciphertext } = await shared.encapsulate(random);
    for (const wrong of [ciphertext.subarray(1), Uint8Array.of(...ciphertext, 0)]) {
      expect(await code(secret.decapsulate(wrong))).toBe("InvalidCiphertext");
    }
  });

  test("a public key with a coefficient beyond the modulus is refused", async () => {
    const { algorithm, spki } = await keysOf(keySpec);
    const beyond = spki.slice();
    // The first coefficient stands in the 12 bits after a header of 22 bytes, and must be under 3,329.
    beyond.set([0xff, 0xff], 22);
    expect(await code(algorithm.importPublicKey(beyond))).toBe("InvalidPublicKey");
  });
});

describe.each(SPECS.filter((spec) => spec.startsWith("RSA")))("%s encryption", (keySpec) => {
  const bytes = Number(keySpec.slice(4)) / 8;
  test.each([
    ["RSAES_OAEP_SHA_1", bytes - 42],
    ["RSAES_OAEP_SHA_256", bytes - 66],
  ] as const)("%s takes 0 to %i bytes, and a flipped bit is refused", async (name, most) => {
    const { secret, shared } = await keysOf(keySpec);
    for (const length of [0, 1, most]) {
      const plaintext = random(length);
      const ciphertext = await shared.encrypt(name, plaintext, random);
      expect(ciphertext).toHaveLength(bytes);
      expect(await secret.decrypt(name, ciphertext)).toEqual(plaintext);
      for (const wrong of [
        withFlippedBit(ciphertext, 8 * length),
        ciphertext.subarray(1),
        new Uint8Array(),
      ]) {
        expect(await code(secret.decrypt(name, wrong))).toBe("InvalidCiphertext");
      }
    }
    expect(await code(shared.encrypt(name, random(most + 1), random))).toBe("InvalidMessage");
  });
});

describe("SM2 encryption", () => {
  test("any plaintext comes back, and any flipped bit is refused", async () => {
    const { secret, shared } = await keysOf("SM2");
    const message = fc.uint8Array({ minLength: 1, maxLength: 1024 });
    await fc.assert(
      fc.asyncProperty(message, fc.nat(100_000), async (plaintext, at) => {
        const ciphertext = await shared.encrypt("SM2PKE", plaintext, random);
        expect(await secret.decrypt("SM2PKE", ciphertext)).toEqual(plaintext);
        const wrong = withFlippedBit(ciphertext, at);
        expect(await code(secret.decrypt("SM2PKE", wrong))).toBe("InvalidCiphertext");
        expect(await code(secret.decrypt("SM2PKE", ciphertext.subarray(0, at % ciphertext.length)))).toBe(
          "InvalidCiphertext",
        );
      }),
      { numRuns: 20 },
    );
    expect(await code(shared.encrypt("SM2PKE", new Uint8Array(), random))).toBe("InvalidMessage");
  });
});
