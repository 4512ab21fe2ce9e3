import { createPublicKey, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type DocumentOptions,
  encode,
  openCiphertextForRecipient as opened,
  Raw,
  recipientOf,
  spkiOf,
  type TestHypervisor,
  testHypervisor,
} from "../../test-support/attestation.ts";
import { der, extension } from "../../test-support/certificates.ts";
import { open as openService } from "../../test-support/open.ts";

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

let nitro: TestHypervisor;
beforeAll(() => {
  nitro = testHypervisor(NOW);
});

const open = () => openService({ nitroRoots: [nitro.root] });
const document = (options: Partial<DocumentOptions> = {}) => nitro.document({ timestamp: NOW, ...options });

describe("an answer for an attested environment", () => {
  test("Decrypt", async () => {
    const { kms, key } = await open();
    const KeyId = await key();
    const Plaintext = Buffer.from("for the enclave alone");
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext });
    const answer = await kms.decrypt({ CiphertextBlob, Recipient: recipientOf(document()) });
    expect(answer).not.toHaveProperty("Plaintext");
    expect(answer).toMatchObject({
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      KeyMaterialId: expect.any(String),
    });
    expect(opened(answer.CiphertextForRecipient, nitro.enclaveKey)).toEqual(Plaintext);
  });

  test("GenerateDataKey: its blob holds the same key", async () => {
    const { kms, key } = await open();
    const answer = await kms.generateDataKey({
      KeyId: await key(),
      KeySpec: "AES_256",
      Recipient: recipientOf(document()),
    });
    expect(answer).not.toHaveProperty("Plaintext");
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: answer.CiphertextBlob });
    expect(Plaintext).toHaveLength(32);
    expect(Uint8Array.from(opened(answer.CiphertextForRecipient, nitro.enclaveKey))).toEqual(Plaintext);
  });

  test("GenerateDataKeyPair: a private key of more than one piece, and its public key", async () => {
    const { kms, key } = await open();
    const answer = await kms.generateDataKeyPair({
      KeyId: await key(),
      KeyPairSpec: "RSA_2048",
      Recipient: recipientOf(document()),
    });
    expect(answer).not.toHaveProperty("PrivateKeyPlaintext");
    const privateKey = opened(answer.CiphertextForRecipient, nitro.enclaveKey);
    expect(privateKey.length).toBeGreaterThan(1000);
    const publicKey = createPublicKey({ key: privateKey, format: "der", type: "pkcs8" } as never);
    expect(Uint8Array.from(spkiOf(publicKey))).toEqual(answer.PublicKey);
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: answer.PrivateKeyCiphertextBlob });
    expect(Uint8Array.from(privateKey)).toEqual(Plaintext);
  });

  test("DeriveSharedSecret: what it would have told", async () => {
    const { kms } = await open();
    const made = await kms.createKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
    const peer = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const request = {
      KeyId: made.KeyMetadata?.KeyId,
      KeyAgreementAlgorithm: "ECDH",
      PublicKey: spkiOf(peer.publicKey),
    } as const;
    const { SharedSecret } = await kms.deriveSharedSecret(request);
    const answer = await kms.deriveSharedSecret({ ...request, Recipient: recipientOf(document()) });
    expect(answer).not.toHaveProperty("SharedSecret");
    expect(Uint8Array.from(opened(answer.CiphertextForRecipient, nitro.enclaveKey))).toEqual(SharedSecret);
  });

  test("GenerateRandom", async () => {
    const { kms } = await open();
    const answer = await kms.generateRandom({ NumberOfBytes: 1024, Recipient: recipientOf(document()) });
    expect(answer).not.toHaveProperty("Plaintext");
    expect(opened(answer.CiphertextForRecipient, nitro.enclaveKey)).toHaveLength(1024);
  });

  test("a dry run verifies the document, and tells nothing", async () => {
    const { kms, key } = await open();
    const request = { KeyId: await key(), KeySpec: "AES_256", DryRun: true } as const;
    const dry = (made: Uint8Array) => kms.generateDataKey({ ...request, Recipient: recipientOf(made) });
    await expect(dry(document())).rejects.toMatchObject({ name: "DryRunOperationException" });
    await expect(dry(Buffer.of(1))).rejects.toMatchObject({ name: "ValidationException" });
  });
});

/** Requests random bytes for whom the document names. */
async function ask(made: Uint8Array, now = NOW) {
  const { kms, clock } = await open();
  clock.now = now;
  return kms.generateRandom({ NumberOfBytes: 32, Recipient: recipientOf(made) });
}

describe("a document is accepted", () => {
  const minutes = 60_000;
  test.each<[string, () => Buffer, number?]>([
    ["with COSE's tag", () => document({ tagged: true })],
    ["that is five minutes old", () => document(), NOW + 5 * minutes],
    ["that is five minutes ahead", () => document(), NOW - 5 * minutes],
    [
      "of NitroTPM",
      () => document({ fields: { pcrs: undefined, nitrotpm_pcrs: new Map([[4, Buffer.alloc(48)]]) } }),
    ],
    [
      "with all that it may say",
      () => document({ fields: { user_data: Buffer.alloc(1024), nonce: Buffer.alloc(0) } }),
    ],
    [
      "whose optional fields are left out",
      () => document({ fields: { user_data: undefined, nonce: undefined } }),
    ],
    [
      "whose certificate has a further extension that is not critical",
      () => document({ target: { extensions: [extension(Buffer.of(0x55, 0x1d, 0x0e), false, der(0x04))] } }),
    ],
  ])("%s", async (_name, make, now) => {
    const { CiphertextForRecipient } = await ask(make(), now);
    expect(opened(CiphertextForRecipient, nitro.enclaveKey)).toHaveLength(32);
  });

  test.each([3072, 4096])("with an RSA key of %i bits", async (modulusLength) => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
    const { CiphertextForRecipient } = await ask(document({ publicKey: spkiOf(publicKey) }));
    expect(opened(CiphertextForRecipient, privateKey)).toHaveLength(32);
  });
});

describe("a document is refused", () => {
  const rsa = (modulusLength: number, publicExponent = 65_537) =>
    spkiOf(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);
  const p384 = () => generateKeyPairSync("ec", { namedCurve: "P-384" });
  const p256 = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const flipped = (bytes: Buffer, index: number) => {
    const copy = Buffer.from(bytes);
    copy[index] = (copy[index] ?? 0) ^ 1;
    return copy;
  };

  test.each<[string, RegExp, () => Uint8Array, number?]>([
    ["of another root", /trusted root/, () => testHypervisor(NOW).document({ timestamp: NOW })],
    ["without the root", /trusted root/, () => document({ cabundle: (usual) => usual.slice(1) })],
    [
      "that lacks an authority",
      /by the one before/,
      () => document({ cabundle: ([root]) => (root ? [root] : []) }),
    ],
    [
      "with its authorities in another order",
      /path is longer|by the one before/,
      () => document({ cabundle: ([root, a, b]) => [root, b, a] as Buffer[] }),
    ],
    ["that is older than five minutes", /expired/, () => document(), NOW + 300_001],
    ["that is more than five minutes ahead", /future/, () => document(), NOW - 300_001],
    [
      "whose certificate has expired",
      /certificate has expired/,
      () => document({ target: { notAfter: NOW - 1000 } }),
    ],
    [
      "whose certificate is not valid yet",
      /not valid yet/,
      () => document({ target: { notBefore: NOW + 1000 } }),
    ],
    ["whose authority has expired", /expired/, () => document({ intermediate: { notAfter: NOW - 1000 } })],
    [
      "whose payload was altered",
      /signature is not valid/,
      () => document({ altered: (payload) => flipped(payload, 20) }),
    ],
    ["signed by another key", /signature is not valid/, () => document({ signer: p384().privateKey })],
    [
      "whose certificate another key signed",
      /signature of a certificate/,
      () => document({ target: { signer: p384().privateKey } }),
    ],
    [
      "whose certificate is not for signing",
      /may not sign data/,
      () => document({ target: { keyUsage: 0x20 } }),
    ],
    [
      "whose certificate is an authority's",
      /authority may not/,
      () => document({ target: { authority: true, keyUsage: 0x84 } }),
    ],
    [
      "whose authority is none",
      /may not issue/,
      () => document({ intermediate: { authority: false, pathLength: undefined as never } }),
    ],
    [
      "whose authority may not sign certificates",
      /may not issue/,
      () => document({ intermediate: { keyUsage: 0x80 } }),
    ],
    [
      "whose path is too long",
      /longer/,
      () => document({ cabundle: (usual) => [...usual, usual[2] as Buffer] }),
    ],
    [
      "with a path length of no authority",
      /not a certificate/,
      () => document({ target: { pathLength: 0 } }),
    ],
    [
      "with a critical extension that is not known",
      /critical extension/,
      () => document({ target: { extensions: [extension(Buffer.of(0x55, 0x1d, 0x1e), true, der(0x30))] } }),
    ],
    [
      "with an extension that stands twice",
      /twice/,
      () =>
        document({
          target: {
            extensions: [extension(Buffer.of(0x55, 0x1d, 0x0f), true, der(0x03, Buffer.of(0, 0x80)))],
          },
        }),
    ],
    [
      "whose certificate has a key on another curve",
      /P-384/,
      () => document({ target: { publicKey: p256().publicKey } }),
    ],
    ["without a key", /public_key/, () => document({ publicKey: null })],
    ["with a key of 1,024 bits", /RSA public key/, () => document({ publicKey: rsa(1024) })],
    ["with the public exponent 3", /RSA public key/, () => document({ publicKey: rsa(2048, 3) })],
    ["with a key that is not RSA", /RSA public key/, () => document({ publicKey: spkiOf(p384().publicKey) })],
    ["with a key that is none", /RSA public key/, () => document({ publicKey: Buffer.of(1, 2, 3) })],
    ["with an empty key", /public_key/, () => document({ publicKey: Buffer.alloc(0) })],
    ["without a module id", /module_id/, () => document({ fields: { module_id: undefined } })],
    ["with an empty module id", /module_id/, () => document({ fields: { module_id: "" } })],
    ["with another digest", /digest/, () => document({ fields: { digest: "SHA256" } })],
    ["without a time", /timestamp/, () => document({ fields: { timestamp: null } })],
    ["of time zero", /timestamp/, () => document({ fields: { timestamp: 0 } })],
    ["without registers", /pcrs/, () => document({ fields: { pcrs: undefined } })],
    ["with empty registers", /pcrs/, () => document({ fields: { pcrs: new Map() } })],
    [
      "with registers of both kinds",
      /either/,
      () => document({ fields: { nitrotpm_pcrs: new Map([[0, IMAGE]]) } }),
    ],
    ["with register 32", /indices/, () => document({ fields: { pcrs: new Map([[32, IMAGE]]) } })],
    [
      "with a register of another length",
      /32, 48 or 64/,
      () => document({ fields: { pcrs: new Map([[0, Buffer.alloc(20)]]) } }),
    ],
    ["with a field that is not known", /not known/, () => document({ fields: { more: 1 } })],
    ["with too long a nonce", /nonce/, () => document({ fields: { nonce: Buffer.alloc(1025) } })],
    ["with no authorities", /cabundle/, () => document({ cabundle: () => [] })],
    [
      "with a certificate of more than 1,024 bytes",
      /certificate/,
      () => document({ fields: { certificate: Buffer.alloc(1025) } }),
    ],
    [
      "with a certificate that is none",
      /not a certificate/,
      () => document({ fields: { certificate: Buffer.alloc(9) } }),
    ],
    ["with another algorithm", /ES384/, () => document({ header: new Map([[1, -7]]) })],
    [
      "with another protected header besides",
      /ES384/,
      () =>
        document({
          header: new Map([
            [1, -35],
            [4, 0],
          ]),
        }),
    ],
    ["with a payload that is no map", /map as payload/, () => document({ altered: () => encode([1]) })],
    [
      "with a payload of more than 16,384 bytes",
      /payload of at most/,
      () => document({ altered: () => Buffer.alloc(16_385) }),
    ],
    ["with a wrong tag", /tag 18/, () => Buffer.concat([Buffer.of(0xd1), document()])],
    ["with a byte too many", /end/, () => Buffer.concat([document(), Buffer.of(0)])],
    ["that is cut off", /bytes/, () => document().subarray(0, -1)],
    ["that is no COSE_Sign1", /array of 4/, () => encode([1, 2, 3])],
    [
      "with a signature of another length",
      /96 bytes/,
      () => encode([encode(new Map([[1, -35]])), new Map(), Buffer.of(1), Buffer.alloc(95)]),
    ],
    [
      "with an unprotected header",
      /unprotected/,
      () => encode([encode(new Map([[1, -35]])), new Map([[4, 0]]), Buffer.of(1), Buffer.alloc(96)]),
    ],
    [
      "with a payload that is no bytes",
      /byte strings/,
      () => encode([encode(new Map([[1, -35]])), new Map(), 0, Buffer.alloc(96)]),
    ],
    ["nested a thousand times", /nested/, () => encode(new Raw(Buffer.alloc(1000, 0x81)))],
  ])("%s", async (_name, message, make, now) => {
    await expect(ask(make(), now)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(message),
    });
  });

  test("that is missing, or whose algorithm is", async () => {
    const { kms } = await open();
    const { KeyEncryptionAlgorithm, AttestationDocument } = recipientOf(document());
    for (const Recipient of [{}, { KeyEncryptionAlgorithm }, { AttestationDocument }]) {
      await expect(kms.generateRandom({ NumberOfBytes: 1, Recipient })).rejects.toMatchObject({
        name: "ValidationException",
        message: "Recipient must have both KeyEncryptionAlgorithm and AttestationDocument.",
      });
    }
  });

  test("by a service that trusts no root, or AWS's alone", async () => {
    for (const options of [{ nitroRoots: [] }, {}]) {
      const { kms } = await openService(options);
      await expect(
        kms.generateRandom({ NumberOfBytes: 1, Recipient: recipientOf(document()) }),
      ).rejects.toMatchObject({
        name: "ValidationException",
        message: expect.stringMatching(/trusted root/),
      });
    }
  });

  test("whichever byte of it is another, and never for want of catching an error", async () => {
    const { kms } = await open();
    const genuine = document();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(genuine.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (index, change) => {
          const altered = Buffer.from(genuine);
          altered[index] = (altered[index] ?? 0) ^ change;
          await expect(
            kms.generateRandom({ NumberOfBytes: 1, Recipient: recipientOf(altered) }),
          ).rejects.toMatchObject({ name: "ValidationException" });
        },
      ),
      { numRuns: 300 },
    );
  });
});

const IMAGE = Buffer.alloc(48, 7);

test("a key that the platform can't encrypt under is the caller's error", async () => {
  // An exponent of 65 bits, which OpenSSL refuses with a modulus of 4,096.
  const { n } = generateKeyPairSync("rsa", { modulusLength: 4096 }).publicKey.export({ format: "jwk" });
  const integer = (bytes: Buffer) => der(0x02, Buffer.of(0), bytes);
  const exponent = der(0x02, Buffer.from("010000000000000001", "hex"));
  const key = der(0x30, integer(Buffer.from(n ?? "", "base64url")), exponent);
  const algorithm = der(0x30, der(0x06, Buffer.from("2a864886f70d010101", "hex")), der(0x05));
  const publicKey = der(0x30, algorithm, der(0x03, Buffer.of(0), key));
  await expect(ask(document({ publicKey }))).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringMatching(/public_key/),
  });
});

test("an answer can't be opened by another key", async () => {
  const { CiphertextForRecipient } = await ask(document());
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  expect(() => opened(CiphertextForRecipient, privateKey)).toThrow();
});

test("the path is verified at the service's time", async () => {
  const later = NOW + 11 * DAY;
  await expect(ask(document({ timestamp: later }), later)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringMatching(/certificate has expired/),
  });
});
