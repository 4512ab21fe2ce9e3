/** DeriveSharedSecret, Encapsulate and Decapsulate: secrets that two sides share, and every way to be refused. */
import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CALLER, type Opened, open } from "../../test-support/open.ts";
import { kmsMethods } from "../kms.ts";
import type { KeySpec, KeyUsageType } from "../shapes/key-types.ts";

async function keyOf({ kms }: Pick<Opened, "kms">, KeySpec: KeySpec, KeyUsage: KeyUsageType) {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  return KeyMetadata ?? { KeyId: undefined, Arn: undefined };
}

const KeyAgreementAlgorithm = "ECDH";
const EncapsulationAlgorithm = "ML_KEM";

describe.each([
  ["ECC_NIST_P256", "prime256v1", 32],
  ["ECC_NIST_P384", "secp384r1", 48],
  ["ECC_NIST_P521", "secp521r1", 66],
] as const)("%s", (KeySpec, namedCurve, length) => {
  test("agrees with OpenSSL, and with another KMS key", async () => {
    const { kms } = await open();
    const { KeyId, Arn } = await keyOf({ kms }, KeySpec, "KEY_AGREEMENT");
    const { PublicKey: ours } = await kms.getPublicKey({ KeyId });
    const peer = generateKeyPairSync("ec", { namedCurve });
    const PublicKey = new Uint8Array(peer.publicKey.export({ format: "der", type: "spki" }));
    const derived = await kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm });
    expect(derived).toMatchObject({ KeyId: Arn, KeyAgreementAlgorithm, KeyOrigin: "AWS_KMS" });
    const publicKey = createPublicKey({ key: Buffer.from(ours ?? []), format: "der", type: "spki" });
    const theirs = diffieHellman({ privateKey: peer.privateKey, publicKey });
    expect(derived.SharedSecret).toEqual(new Uint8Array(theirs));
    expect(derived.SharedSecret).toHaveLength(length);
    const other = await keyOf({ kms }, KeySpec, "KEY_AGREEMENT");
    const otherPublic = await kms.getPublicKey({ KeyId: other.KeyId });
    const [one, two] = [
      await kms.deriveSharedSecret({ KeyId, PublicKey: otherPublic.PublicKey, KeyAgreementAlgorithm }),
      await kms.deriveSharedSecret({ KeyId: other.KeyId, PublicKey: ours, KeyAgreementAlgorithm }),
    ];
    expect(one.SharedSecret).toEqual(two.SharedSecret);
  });

  test("refuses what is no public key of its curve", async () => {
    const { kms } = await open();
    const { KeyId } = await keyOf({ kms }, KeySpec, "KEY_AGREEMENT");
    const spkiOf = (type: string, curve?: string) =>
      new Uint8Array(
        (type === "ec"
          ? generateKeyPairSync("ec", { namedCurve: curve ?? "" })
          : generateKeyPairSync("ed25519")
        ).publicKey.export({ format: "der", type: "spki" }),
      );
    const right = spkiOf("ec", namedCurve);
    const offCurve = right.slice();
    offCurve[right.length - 1] = (offCurve[right.length - 1] ?? 0) ^ 1;
    const wrong = [
      Uint8Array.of(1),
      new Uint8Array(8192),
      offCurve,
      right.subarray(0, right.length - 1),
      new Uint8Array([...right, 0]),
      spkiOf("ec", "secp256k1"),
      spkiOf("ed25519"),
    ];
    for (const PublicKey of wrong) {
      await expect(kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm })).rejects.toMatchObject(
        { name: "ValidationException" },
      );
    }
    for (const PublicKey of [undefined, new Uint8Array(0), new Uint8Array(8193)]) {
      await expect(kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm })).rejects.toMatchObject(
        { name: "ValidationException", message: /^1 validation error detected/ },
      );
    }
  });
});

test("SM2 keys agree in China", async () => {
  const { service } = await open();
  const kms = kmsMethods(service, { ...CALLER, region: "cn-northwest-1" });
  const [one, two] = [
    await keyOf({ kms }, "SM2", "KEY_AGREEMENT"),
    await keyOf({ kms }, "SM2", "KEY_AGREEMENT"),
  ];
  const secret = async (KeyId: string | undefined, peer: string | undefined) => {
    const { PublicKey } = await kms.getPublicKey({ KeyId: peer });
    return (await kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm })).SharedSecret;
  };
  const first = await secret(one.KeyId, two.KeyId);
  expect(first).toHaveLength(32);
  expect(await secret(two.KeyId, one.KeyId)).toEqual(first);
});

describe.each([
  ["ML_KEM_512", 768],
  ["ML_KEM_768", 1088],
  ["ML_KEM_1024", 1568],
] as const)("%s", (KeySpec, length) => {
  test("gives the holder of the private key the same 32 bytes, and others another secret", async () => {
    const { kms } = await open();
    const { KeyId, Arn } = await keyOf({ kms }, KeySpec, "ENCAPSULATE_DECAPSULATE");
    const made = await kms.encapsulate({ KeyId, EncapsulationAlgorithm });
    expect(made).toMatchObject({ KeyId: Arn, EncapsulationAlgorithm });
    expect(made.SharedSecret).toHaveLength(32);
    const { SharedSecretCiphertextBlob = new Uint8Array() } = made;
    expect(SharedSecretCiphertextBlob).toHaveLength(length);
    const request = { KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm } as const;
    expect(await kms.decapsulate(request)).toMatchObject({
      KeyId: Arn,
      EncapsulationAlgorithm,
      SharedSecret: made.SharedSecret,
    });
    // Implicit rejection (FIPS 203 §6.3): no error says that the ciphertext is not this key's.
    const edited = SharedSecretCiphertextBlob.slice();
    edited[0] = (edited[0] ?? 0) ^ 1;
    const rejected = await kms.decapsulate({ ...request, SharedSecretCiphertextBlob: edited });
    expect(rejected.SharedSecret).toHaveLength(32);
    expect(rejected.SharedSecret).not.toEqual(made.SharedSecret);
    const other = await keyOf({ kms }, KeySpec, "ENCAPSULATE_DECAPSULATE");
    expect((await kms.decapsulate({ ...request, KeyId: other.KeyId })).SharedSecret).not.toEqual(
      made.SharedSecret,
    );
    for (const size of [1, length - 1, length + 1, 6144]) {
      const SharedSecretCiphertextBlob = new Uint8Array(size);
      await expect(kms.decapsulate({ ...request, SharedSecretCiphertextBlob })).rejects.toMatchObject({
        name: "InvalidCiphertextException",
      });
    }
    for (const wrong of [undefined, new Uint8Array(0), new Uint8Array(6145)]) {
      await expect(kms.decapsulate({ ...request, SharedSecretCiphertextBlob: wrong })).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
  });
});

describe("are refused", () => {
  test.each([
    ["ECC_NIST_P256", "SIGN_VERIFY"],
    ["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
  ] as const)("to a key of spec %s for %s", async (KeySpec, KeyUsage) => {
    const { kms } = await open();
    const { KeyId, Arn } = await keyOf({ kms }, KeySpec, KeyUsage);
    const blob = new Uint8Array(768);
    const PublicKey = new Uint8Array(91);
    const calls = {
      DeriveSharedSecret: () => kms.deriveSharedSecret({ KeyId, PublicKey, KeyAgreementAlgorithm }),
      Encapsulate: () => kms.encapsulate({ KeyId, EncapsulationAlgorithm }),
      Decapsulate: () => kms.decapsulate({ KeyId, SharedSecretCiphertextBlob: blob, EncapsulationAlgorithm }),
    };
    for (const [operation, call] of Object.entries(calls)) {
      await expect(call()).rejects.toMatchObject({
        name: "InvalidKeyUsageException",
        message: `${Arn} key usage is ${KeyUsage} which is not valid for ${operation}.`,
      });
    }
  });

  test.each([
    ["disabled", "DisabledException", "disableKey"],
    ["pending deletion", "KMSInvalidStateException", "scheduleKeyDeletion"],
  ] as const)("by keys that are %s", async (words, name, change) => {
    const { kms } = await open();
    const pair = await keyOf({ kms }, "ECC_NIST_P256", "KEY_AGREEMENT");
    const kem = await keyOf({ kms }, "ML_KEM_512", "ENCAPSULATE_DECAPSULATE");
    const { PublicKey } = await kms.getPublicKey({ KeyId: pair.KeyId });
    const { SharedSecretCiphertextBlob } = await kms.encapsulate({
      KeyId: kem.KeyId,
      EncapsulationAlgorithm,
    });
    await kms[change]({ KeyId: pair.KeyId });
    await kms[change]({ KeyId: kem.KeyId });
    await expect(
      kms.deriveSharedSecret({ KeyId: pair.KeyId, PublicKey, KeyAgreementAlgorithm }),
    ).rejects.toMatchObject({ name, message: `${pair.Arn} is ${words}.` });
    const refusal = { name, message: `${kem.Arn} is ${words}.` };
    const { KeyId } = kem;
    await expect(kms.encapsulate({ KeyId, EncapsulationAlgorithm })).rejects.toMatchObject(refusal);
    await expect(
      kms.decapsulate({ KeyId, SharedSecretCiphertextBlob, EncapsulationAlgorithm }),
    ).rejects.toMatchObject(refusal);
  });

  test("to a dry run", async () => {
    const { kms } = await open();
    const pair = await keyOf({ kms }, "ECC_NIST_P256", "KEY_AGREEMENT");
    const kem = await keyOf({ kms }, "ML_KEM_512", "ENCAPSULATE_DECAPSULATE");
    const { PublicKey } = await kms.getPublicKey({ KeyId: pair.KeyId });
    const agreement = { KeyId: pair.KeyId, PublicKey, KeyAgreementAlgorithm } as const;
    const encapsulation = { KeyId: kem.KeyId, EncapsulationAlgorithm } as const;
    const { SharedSecretCiphertextBlob } = await kms.encapsulate(encapsulation);
    const dry = { name: "DryRunOperationException" };
    await expect(kms.deriveSharedSecret({ ...agreement, DryRun: true })).rejects.toMatchObject(dry);
    await expect(kms.encapsulate({ ...encapsulation, DryRun: true })).rejects.toMatchObject(dry);
    await expect(
      kms.decapsulate({ ...encapsulation, SharedSecretCiphertextBlob, DryRun: true }),
    ).rejects.toMatchObject(dry);
  });
});
