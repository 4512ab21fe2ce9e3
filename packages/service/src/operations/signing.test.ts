/** Sign and Verify: every signing algorithm, held against Web Crypto and noble; and every way to be refused. */
import { createPublicKey, verify as verifiedByNode } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { kmsMethods } from "../kms.ts";
import type { SigningAlgorithmSpec } from "../shapes/algorithms.ts";
import type { KeySpec, KeyUsageType } from "../shapes/key-types.ts";
import type { MessageType } from "../signatures.ts";

const Message = new TextEncoder().encode("attack at dawn");
const KeyUsage = "SIGN_VERIFY";

async function keyOf({ kms }: Pick<Opened, "kms">, KeySpec: KeySpec, usage: KeyUsageType = KeyUsage) {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage: usage });
  return KeyMetadata ?? { KeyId: undefined, Arn: undefined };
}

async function digestOf(hash: string, message: Uint8Array = Message): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(hash, message.slice()));
}

/** Algorithms that Node.js verifies, with their hash and its options. */
const OPENSSL = [
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256", "sha256", {}],
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_384", "sha384", {}],
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", "sha512", {}],
  ["RSA_2048", "RSASSA_PSS_SHA_256", "sha256", { padding: 6, saltLength: 32 }],
  ["RSA_2048", "RSASSA_PSS_SHA_384", "sha384", { padding: 6, saltLength: 48 }],
  ["RSA_2048", "RSASSA_PSS_SHA_512", "sha512", { padding: 6, saltLength: 64 }],
  ["ECC_NIST_P256", "ECDSA_SHA_256", "sha256", {}],
  ["ECC_NIST_P384", "ECDSA_SHA_384", "sha384", {}],
  ["ECC_NIST_P521", "ECDSA_SHA_512", "sha512", {}],
  ["ECC_SECG_P256K1", "ECDSA_SHA_256", "sha256", {}],
] as const;

describe.each(OPENSSL)("%s with %s", (KeySpec, SigningAlgorithm, hash, options) => {
  test("signs a message and its digest alike, and OpenSSL verifies both", async () => {
    const { kms } = await open();
    const { KeyId, Arn } = await keyOf({ kms }, KeySpec);
    const digest = await digestOf(hash.replace("sha", "SHA-"));
    const { PublicKey } = await kms.getPublicKey({ KeyId });
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    for (const [message, MessageType] of [
      [Message, undefined],
      [Message, "RAW"],
      [digest, "DIGEST"],
    ] as const) {
      const signed = await kms.sign({ KeyId, Message: message, MessageType, SigningAlgorithm });
      expect(signed).toMatchObject({ KeyId: Arn, SigningAlgorithm });
      const Signature = signed.Signature ?? new Uint8Array();
      expect(verifiedByNode(hash, Message, { key, ...options }, Signature)).toBe(true);
      for (const [same, type] of [
        [Message, "RAW"],
        [digest, "DIGEST"],
      ] as const) {
        const request = { KeyId, Message: same, MessageType: type, Signature, SigningAlgorithm };
        expect(await kms.verify(request)).toMatchObject({
          KeyId: Arn,
          SignatureValid: true,
          SigningAlgorithm,
        });
      }
    }
  });
});

/** Algorithms with a message type of their own, or none but RAW. */
const OTHERS = [
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "RAW", 1, 64],
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "RAW", 4096, 64],
  ["ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "DIGEST", 64, 64],
  ["ML_DSA_44", "ML_DSA_SHAKE_256", "RAW", 4096, 2420],
  ["ML_DSA_44", "ML_DSA_SHAKE_256", "EXTERNAL_MU", 64, 2420],
  ["ML_DSA_65", "ML_DSA_SHAKE_256", "RAW", 1, 3309],
  ["ML_DSA_87", "ML_DSA_SHAKE_256", "RAW", 1, 4627],
] as const;

test.each(OTHERS)("%s with %s signs %s messages of %i bytes", async (spec, algorithm, type, length, size) => {
  const { kms } = await open();
  const { KeyId } = await keyOf({ kms }, spec);
  const request = {
    KeyId,
    Message: new Uint8Array(length).fill(5),
    MessageType: type,
    SigningAlgorithm: algorithm,
  };
  const { Signature } = await kms.sign(request);
  expect(Signature).toHaveLength(size);
  expect((await kms.verify({ ...request, Signature })).SignatureValid).toBe(true);
  const other = { ...request, Message: new Uint8Array(length).fill(6), Signature };
  await expect(kms.verify(other)).rejects.toMatchObject({ name: "KMSInvalidSignatureException" });
});

test("SM2 signs in China, messages and SM3 digests", async () => {
  const { service } = await open();
  const kms = kmsMethods(service, { ...CALLER, region: "cn-north-1" });
  const { KeyId } = await keyOf({ kms }, "SM2");
  const SigningAlgorithm = "SM2DSA";
  for (const [message, MessageType] of [
    [Message, "RAW"],
    [new Uint8Array(32).fill(1), "DIGEST"],
  ] as const) {
    const request = { KeyId, Message: message, MessageType, SigningAlgorithm } as const;
    const { Signature } = await kms.sign(request);
    expect((await kms.verify({ ...request, Signature })).SignatureValid).toBe(true);
  }
});

describe("a signature that is not valid is refused, whatever is wrong with it", () => {
  test.each([
    ["RSA_2048", "RSASSA_PSS_SHA_256"],
    ["ECC_NIST_P256", "ECDSA_SHA_256"],
    ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512"],
    ["ML_DSA_44", "ML_DSA_SHAKE_256"],
  ] as const)("%s", async (KeySpec, SigningAlgorithm) => {
    const { kms } = await open();
    const [{ KeyId }, other] = [await keyOf({ kms }, KeySpec), await keyOf({ kms }, KeySpec)];
    const { Signature = new Uint8Array() } = await kms.sign({ KeyId, Message, SigningAlgorithm });
    const edited = Signature.slice();
    edited[Signature.length >> 1] = (edited[Signature.length >> 1] ?? 0) ^ 1;
    const request = { KeyId, Message, Signature, SigningAlgorithm };
    const wrong = [
      { ...request, Signature: edited },
      { ...request, Signature: Signature.subarray(1) },
      { ...request, Signature: Uint8Array.of(0) },
      { ...request, Signature: new Uint8Array(6144) },
      { ...request, Message: Uint8Array.of(1) },
      { ...request, KeyId: other.KeyId },
    ];
    for (const input of wrong) {
      // AWS says nothing more of it either.
      const refusal = { name: "KMSInvalidSignatureException", message: "" };
      await expect(kms.verify(input)).rejects.toMatchObject(refusal);
      await expect(kms.verify({ ...input, DryRun: true })).rejects.toMatchObject(refusal);
    }
  });
});

/** The refusals that Sign and Verify share: key spec, algorithm, message type, length, error, message. */
const REFUSALS: readonly (readonly [KeySpec, SigningAlgorithmSpec, MessageType, number, string, string])[] = [
  [
    "RSA_2048",
    "ECDSA_SHA_256",
    "RAW",
    1,
    "InvalidKeyUsageException",
    "Algorithm ECDSA_SHA_256 is incompatible with key spec RSA_2048.",
  ],
  [
    "ECC_NIST_P256",
    "ECDSA_SHA_384",
    "RAW",
    1,
    "InvalidKeyUsageException",
    "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.",
  ],
  [
    "ECC_NIST_P256",
    "ECDSA_SHA_384",
    "DIGEST",
    20,
    "InvalidKeyUsageException",
    "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.",
  ],
  [
    "RSA_2048",
    "RSASSA_PSS_SHA_256",
    "DIGEST",
    31,
    "ValidationException",
    "Digest is invalid length for algorithm RSASSA_PSS_SHA_256.",
  ],
  [
    "RSA_2048",
    "RSASSA_PSS_SHA_256",
    "DIGEST",
    33,
    "ValidationException",
    "Digest is invalid length for algorithm RSASSA_PSS_SHA_256.",
  ],
  [
    "RSA_2048",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "DIGEST",
    47,
    "ValidationException",
    "Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_384.",
  ],
  [
    "RSA_2048",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "DIGEST",
    65,
    "ValidationException",
    "Digest is invalid length for algorithm RSASSA_PKCS1_V1_5_SHA_512.",
  ],
  [
    "ECC_NIST_P256",
    "ECDSA_SHA_256",
    "DIGEST",
    31,
    "ValidationException",
    "Digest is invalid length for algorithm ECDSA_SHA_256.",
  ],
  [
    "ECC_NIST_P256",
    "ECDSA_SHA_256",
    "EXTERNAL_MU",
    64,
    "ValidationException",
    "Message type EXTERNAL_MU is incompatible with key spec ECC_NIST_P256.",
  ],
  [
    "ECC_NIST_EDWARDS25519",
    "ED25519_SHA_512",
    "DIGEST",
    64,
    "ValidationException",
    "Message type DIGEST is incompatible with algorithm ED25519_SHA_512.",
  ],
  [
    "ECC_NIST_EDWARDS25519",
    "ED25519_PH_SHA_512",
    "RAW",
    64,
    "ValidationException",
    "Message type RAW is incompatible with algorithm ED25519_PH_SHA_512.",
  ],
  [
    "ECC_NIST_EDWARDS25519",
    "ED25519_PH_SHA_512",
    "DIGEST",
    63,
    "ValidationException",
    "Digest is invalid length for algorithm ED25519_PH_SHA_512.",
  ],
  [
    "ML_DSA_44",
    "ML_DSA_SHAKE_256",
    "DIGEST",
    64,
    "ValidationException",
    "Message type DIGEST is incompatible with key spec ML_DSA_44.",
  ],
  [
    "ML_DSA_44",
    "ML_DSA_SHAKE_256",
    "EXTERNAL_MU",
    63,
    "ValidationException",
    "External Mu is invalid length for algorithm ML_DSA_SHAKE_256.",
  ],
  [
    "ML_DSA_44",
    "ML_DSA_SHAKE_256",
    "EXTERNAL_MU",
    65,
    "ValidationException",
    "External Mu is invalid length for algorithm ML_DSA_SHAKE_256.",
  ],
];

test.each(REFUSALS)("%s, %s, %s of %i bytes: %s", async (spec, algorithm, type, length, name, message) => {
  const { kms } = await open();
  const { KeyId } = await keyOf({ kms }, spec);
  const request = { KeyId, Message: new Uint8Array(length), MessageType: type, SigningAlgorithm: algorithm };
  await expect(kms.sign(request)).rejects.toMatchObject({ name, message });
  const Signature = new Uint8Array(64);
  await expect(kms.verify({ ...request, Signature })).rejects.toMatchObject({ name, message });
});

test.each([
  ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
  ["HMAC_256", "GENERATE_VERIFY_MAC"],
  ["RSA_2048", "ENCRYPT_DECRYPT"],
  ["ECC_NIST_P256", "KEY_AGREEMENT"],
  ["ML_KEM_512", "ENCAPSULATE_DECAPSULATE"],
] as const)("a key of spec %s for %s neither signs nor verifies", async (KeySpec, usage) => {
  const { kms } = await open();
  const { KeyId, Arn } = await keyOf({ kms }, KeySpec, usage);
  const request = { KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256" } as const;
  const refusal = (operation: string) => ({
    name: "InvalidKeyUsageException",
    message: `${Arn} key usage is ${usage} which is not valid for ${operation}.`,
  });
  await expect(kms.sign(request)).rejects.toMatchObject(refusal("Sign"));
  await expect(kms.verify({ ...request, Signature: Message })).rejects.toMatchObject(refusal("Verify"));
});

test("the state of the key is told before anything about the algorithm", async () => {
  const { kms } = await open();
  const { KeyId, Arn } = await keyOf({ kms }, "ECC_NIST_P256");
  await kms.disableKey({ KeyId });
  const request = { KeyId, Message, SigningAlgorithm: "RSASSA_PSS_SHA_256" } as const;
  const refusal = { name: "DisabledException", message: `${Arn} is disabled.` };
  await expect(kms.sign(request)).rejects.toMatchObject(refusal);
  await expect(kms.verify({ ...request, Signature: Message })).rejects.toMatchObject(refusal);
});

test("messages have 1 to 4,096 bytes, signatures 1 to 6,144; what is required must be there", async () => {
  const { kms } = await open();
  const { KeyId } = await keyOf({ kms }, "ECC_NIST_P256");
  const request = { KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256", Signature: Message } as const;
  for (const input of [
    { ...request, Message: new Uint8Array(0) },
    { ...request, Message: new Uint8Array(4097) },
    { ...request, Message: undefined },
    { ...request, SigningAlgorithm: undefined },
    { ...request, KeyId: undefined },
  ]) {
    await expect(kms.sign(input)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(kms.verify(input)).rejects.toMatchObject({ name: "ValidationException" });
  }
  for (const Signature of [undefined, new Uint8Array(0), new Uint8Array(6145)]) {
    await expect(kms.verify({ ...request, Signature })).rejects.toMatchObject({
      name: "ValidationException",
    });
  }
  await expect(kms.sign({ ...request, KeyId: undefined, Message: undefined })).rejects.toMatchObject({
    message:
      "2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'message' failed to satisfy constraint: Member must not be null",
  });
});

test("a dry run signs nothing, and tells whether a signature is valid", async () => {
  const { kms } = await open();
  const { KeyId } = await keyOf({ kms }, "ECC_NIST_P256");
  const request = { KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256" } as const;
  const { Signature } = await kms.sign(request);
  const dry = { name: "DryRunOperationException" };
  await expect(kms.sign({ ...request, DryRun: true })).rejects.toMatchObject(dry);
  await expect(kms.verify({ ...request, Signature, DryRun: true })).rejects.toMatchObject(dry);
});
