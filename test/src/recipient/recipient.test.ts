/**
 * The five operations that answer an enclave, through the official SDK: what only the enclave's key opens, by the `openssl` command and by
 * Node.js, which read CMS without us.
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  openCiphertextForRecipient,
  recipientOf,
  spkiOf,
  type TestHypervisor,
  testHypervisor,
} from "../../../packages/service/test-support/attestation.ts";
import { kmslite, serve, temporaryFolder } from "../cli/kmslite.ts";
import { hasOpenssl } from "../key-pairs/openssl.ts";

let nitro: TestHypervisor;
beforeAll(() => {
  nitro = testHypervisor(Date.now());
});

const enclave = () => recipientOf(nitro.document({ timestamp: Date.now() }));

/** The SDK's client in this process. */
async function openClient(): Promise<KMS> {
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    nitroRoots: [nitro.rootPem],
  });
  onTestFinished(() => kms.close());
  const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
  return new KMS({ region: "us-east-1", credentials, requestHandler: kms.requestHandler() });
}

/** `openssl cms -decrypt` with the enclave's key. */
function openWithOpenssl(envelope: Uint8Array | undefined, key: KeyObject): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-cms-"));
  try {
    writeFileSync(join(folder, "envelope"), envelope ?? new Uint8Array());
    writeFileSync(join(folder, "key"), key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const args = ["cms", "-decrypt", "-inform", "DER", "-in", "envelope", "-inkey", "key", "-binary"];
    return new Uint8Array(execFileSync("openssl", args, { cwd: folder, timeout: 60_000 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const openWithNode = (envelope: Uint8Array | undefined, key: KeyObject): Uint8Array =>
  new Uint8Array(openCiphertextForRecipient(envelope, key));

// Named as skipped where the command is not there.
describe.each([
  { name: "openssl", open: openWithOpenssl, there: hasOpenssl },
  { name: "node:crypto", open: openWithNode, there: true },
])("opened by $name", ({ open, there }) => {
  test.skipIf(!there)("Decrypt", async () => {
    const client = await openClient();
    const { KeyMetadata } = await client.createKey({});
    const Plaintext = new TextEncoder().encode("for the enclave alone");
    const { CiphertextBlob } = await client.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext });
    const answer = await client.decrypt({ CiphertextBlob, Recipient: enclave() });
    expect(answer.Plaintext).toBeUndefined();
    expect(open(answer.CiphertextForRecipient, nitro.enclaveKey)).toEqual(Plaintext);
  });

  test.skipIf(!there)("GenerateDataKey", async () => {
    const client = await openClient();
    const { KeyMetadata } = await client.createKey({});
    const request = { KeyId: KeyMetadata?.KeyId, KeySpec: "AES_256", Recipient: enclave() } as const;
    const answer = await client.generateDataKey(request);
    expect(answer.Plaintext).toBeUndefined();
    const { Plaintext } = await client.decrypt({ CiphertextBlob: answer.CiphertextBlob });
    expect(open(answer.CiphertextForRecipient, nitro.enclaveKey)).toEqual(new Uint8Array(Plaintext ?? []));
  });

  test.skipIf(!there)("GenerateDataKeyPair, whose private key is of several pieces", async () => {
    const client = await openClient();
    const { KeyMetadata } = await client.createKey({});
    const request = { KeyId: KeyMetadata?.KeyId, KeyPairSpec: "RSA_3072", Recipient: enclave() } as const;
    const answer = await client.generateDataKeyPair(request);
    expect(answer.PrivateKeyPlaintext).toBeUndefined();
    expect(answer.PublicKey).toBeDefined();
    const { Plaintext } = await client.decrypt({ CiphertextBlob: answer.PrivateKeyCiphertextBlob });
    expect(open(answer.CiphertextForRecipient, nitro.enclaveKey)).toEqual(new Uint8Array(Plaintext ?? []));
  });

  test.skipIf(!there)("DeriveSharedSecret", async () => {
    const client = await openClient();
    const { KeyMetadata } = await client.createKey({ KeySpec: "ECC_NIST_P384", KeyUsage: "KEY_AGREEMENT" });
    const PublicKey = spkiOf(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey);
    const request = { KeyId: KeyMetadata?.KeyId, PublicKey, KeyAgreementAlgorithm: "ECDH" } as const;
    const { SharedSecret } = await client.deriveSharedSecret(request);
    const answer = await client.deriveSharedSecret({ ...request, Recipient: enclave() });
    expect(answer.SharedSecret).toBeUndefined();
    expect(open(answer.CiphertextForRecipient, nitro.enclaveKey)).toEqual(new Uint8Array(SharedSecret ?? []));
  });

  test.skipIf(!there)("GenerateRandom", async () => {
    const client = await openClient();
    const answer = await client.generateRandom({ NumberOfBytes: 1024, Recipient: enclave() });
    expect(answer.Plaintext).toBeUndefined();
    expect(open(answer.CiphertextForRecipient, nitro.enclaveKey)).toHaveLength(1024);
  });
});

test("a document that does not hold is refused in the words of a client's error", async () => {
  const client = await openClient();
  const stranger = testHypervisor(Date.now()).document({ timestamp: Date.now() });
  await expect(
    client.generateRandom({ NumberOfBytes: 1, Recipient: recipientOf(stranger) }),
  ).rejects.toMatchObject({
    name: "ValidationException",
    message: "The attestation document is not valid: the path does not begin at a trusted root",
    $metadata: { httpStatusCode: 400 },
  });
});

test("kmslite serve --nitro-root answers enclaves of that root", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "root.pem");
  writeFileSync(file, nitro.rootPem);
  const data = join(folder, "data");
  const server = await serve(["--port", "0", "--data", data, "--json", "--nitro-root", file]);
  const { endpoint, region, accessKeyId, secretAccessKey = "" } = server.started();
  const client = new KMS({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const answer = await client.generateRandom({ NumberOfBytes: 32, Recipient: enclave() });
  expect(openWithNode(answer.CiphertextForRecipient, nitro.enclaveKey)).toHaveLength(32);
  client.destroy();
  expect((await server.stop()).code).toBe(0);
});

test.each([
  ["a text", "no certificate"],
  ["PEM of something else", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"],
])("kmslite serve does not start with %s as root, and makes nothing", async (_name, text) => {
  const folder = temporaryFolder();
  const file = join(folder, "root.pem");
  writeFileSync(file, text);
  const data = join(folder, "data");
  const started = await kmslite(["serve", "--port", "0", "--data", data, "--nitro-root", file]);
  expect(started.code).not.toBe(0);
  expect(started.stderr).toContain("expected certificates in PEM");
  expect(existsSync(data)).toBe(false);
});
