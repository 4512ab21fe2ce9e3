/** Encrypt, Decrypt, ReEncrypt, data keys and randomness. */
import { describe, expect, test } from "vitest";
import { open } from "../../test-support/open.ts";

const Plaintext = new TextEncoder().encode("attack at dawn");

describe("Encrypt and Decrypt", () => {
  test("give back 1 to 4,096 bytes, with the key's ARN and material", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    for (const length of [1, 15, 16, 17, 4095, 4096]) {
      const sealed = await kms.encrypt({ KeyId, Plaintext: new Uint8Array(length).fill(length) });
      expect(sealed.CiphertextBlob).toHaveLength(length + 132);
      const opened = await kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob });
      expect(opened).toMatchObject({
        KeyId: `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`,
        Plaintext: new Uint8Array(length).fill(length),
        EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      });
    }
    await expect(kms.encrypt({ KeyId, Plaintext: new Uint8Array(0) })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test("never make the same blob twice", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const blobs = await Promise.all(Array.from({ length: 50 }, () => kms.encrypt({ KeyId, Plaintext })));
    expect(new Set(blobs.map(({ CiphertextBlob }) => CiphertextBlob?.join())).size).toBe(50);
  });

  test("want the same encryption context, in whatever order, compared byte by byte", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const EncryptionContext = { b: "2", a: "1", é: "composed" };
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
    const reordered = { a: "1", é: "composed", b: "2" };
    expect((await kms.decrypt({ CiphertextBlob, EncryptionContext: reordered })).Plaintext).toEqual(
      Plaintext,
    );
    const decomposed = { a: "1", "e\u0301": "composed", b: "2" };
    for (const wrong of [undefined, {}, { a: "1", b: "2" }, decomposed]) {
      await expect(kms.decrypt({ CiphertextBlob, EncryptionContext: wrong })).rejects.toMatchObject({
        name: "InvalidCiphertextException",
      });
    }
  });

  test("take an empty context for none", async () => {
    const { kms, key } = await open();
    const { CiphertextBlob } = await kms.encrypt({ KeyId: await key(), Plaintext, EncryptionContext: {} });
    expect((await kms.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
  });

  test("refuse another algorithm", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const EncryptionAlgorithm = "RSAES_OAEP_SHA_256";
    await expect(kms.encrypt({ KeyId, Plaintext, EncryptionAlgorithm })).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
    });
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
    await expect(kms.decrypt({ CiphertextBlob, EncryptionAlgorithm })).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
    });
  });

  test("only say whether they would succeed in a dry run", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
    const dry = { name: "DryRunOperationException" };
    await expect(kms.encrypt({ KeyId, Plaintext, DryRun: true })).rejects.toMatchObject(dry);
    await expect(kms.decrypt({ CiphertextBlob, DryRun: true })).rejects.toMatchObject(dry);
    await expect(kms.generateDataKey({ KeyId, KeySpec: "AES_128", DryRun: true })).rejects.toMatchObject(dry);
    await expect(
      kms.decrypt({ CiphertextBlob, DryRun: true, EncryptionContext: { a: "b" } }),
    ).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
  });
});

describe("ReEncrypt", () => {
  test("moves a blob under another key and context", async () => {
    const { kms, key } = await open();
    const [one, other] = [await key(), await key()];
    const { CiphertextBlob } = await kms.encrypt({ KeyId: one, Plaintext, EncryptionContext: { a: "1" } });
    const moved = await kms.reEncrypt({
      CiphertextBlob,
      SourceEncryptionContext: { a: "1" },
      DestinationKeyId: other,
      DestinationEncryptionContext: { b: "2" },
    });
    const arn = "arn:aws:kms:us-east-1:111122223333:key";
    expect(moved).toMatchObject({ SourceKeyId: `${arn}/${one}`, KeyId: `${arn}/${other}` });
    const opened = await kms.decrypt({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: "2" } });
    expect(opened).toMatchObject({ Plaintext, KeyId: `${arn}/${other}` });
  });

  test("wants the source's context and, if named, the source's key", async () => {
    const { kms, key } = await open();
    const [one, other] = [await key(), await key()];
    const { CiphertextBlob } = await kms.encrypt({ KeyId: one, Plaintext, EncryptionContext: { a: "1" } });
    await expect(kms.reEncrypt({ CiphertextBlob, DestinationKeyId: other })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    const SourceEncryptionContext = { a: "1" };
    await expect(
      kms.reEncrypt({ CiphertextBlob, SourceEncryptionContext, SourceKeyId: other, DestinationKeyId: other }),
    ).rejects.toMatchObject({ name: "IncorrectKeyException" });
  });
});

describe("data keys", () => {
  test("have the length of their spec, or the number of bytes asked for", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    for (const [request, length] of [
      [{ KeySpec: "AES_128" }, 16],
      [{ KeySpec: "AES_256" }, 32],
      [{ NumberOfBytes: 1 }, 1],
      [{ NumberOfBytes: 1024 }, 1024],
    ] as const) {
      const EncryptionContext = { length: String(length) };
      const made = await kms.generateDataKey({ KeyId, ...request, EncryptionContext });
      expect(made.Plaintext).toHaveLength(length);
      const { CiphertextBlob } = made;
      expect((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(made.Plaintext);
      const without = await kms.generateDataKeyWithoutPlaintext({ KeyId, ...request });
      expect(without).not.toHaveProperty("Plaintext");
      expect((await kms.decrypt({ CiphertextBlob: without.CiphertextBlob })).Plaintext).toHaveLength(length);
    }
  });

  test("want one of the two, in range", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const bad = [
      {},
      { KeySpec: "AES_256", NumberOfBytes: 32 },
      { NumberOfBytes: 0 },
      { NumberOfBytes: 1025 },
    ] as const;
    for (const request of bad) {
      await expect(kms.generateDataKey({ KeyId, ...request })).rejects.toMatchObject({
        name: "ValidationException",
      });
      await expect(kms.generateDataKeyWithoutPlaintext({ KeyId, ...request })).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
  });
});

describe("GenerateRandom", () => {
  test("gives 1 to 1,024 bytes, never the same", async () => {
    const { kms } = await open();
    for (const NumberOfBytes of [1, 32, 1024]) {
      expect((await kms.generateRandom({ NumberOfBytes })).Plaintext).toHaveLength(NumberOfBytes);
    }
    const draws = await Promise.all(
      Array.from({ length: 20 }, () => kms.generateRandom({ NumberOfBytes: 32 })),
    );
    expect(new Set(draws.map(({ Plaintext: bytes }) => bytes?.join())).size).toBe(20);
    for (const NumberOfBytes of [undefined, 0, 1025]) {
      await expect(kms.generateRandom({ NumberOfBytes })).rejects.toMatchObject({
        name: "ValidationException",
      });
    }
  });
});
