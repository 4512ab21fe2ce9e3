/** Key material that the `openssl` command made and wrapped, imported by the official SDK, and used. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AlgorithmSpec,
  type KeySpec,
  type KeyUsageType,
  KMS,
  type WrappingKeySpec,
} from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { expect, onTestFinished, test } from "vitest";

const MESSAGE = new TextEncoder().encode("attack at dawn");

async function openClient(region = "us-east-1"): Promise<KMS> {
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), region });
  onTestFinished(() => kms.close());
  const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
  return new KMS({ region, credentials, requestHandler: kms.requestHandler() });
}

/** A folder that is gone after the test, and `openssl` in it. */
function workshop() {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-import-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    write: (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes),
    read: (name: string) => new Uint8Array(readFileSync(join(folder, name))),
    openssl: (...args: readonly string[]) =>
      execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 }),
  };
}

type Workshop = ReturnType<typeof workshop>;

/** RSAES-OAEP as AWS's guide has it. */
function oaep(shop: Workshop, algorithm: AlgorithmSpec, input: string, output: string): void {
  const hash = algorithm.endsWith("SHA_1") ? "sha1" : "sha256";
  shop.openssl(
    ...["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "wrapping.der"],
    ...["-in", input, "-out", output, "-pkeyopt", "rsa_padding_mode:oaep"],
    ...["-pkeyopt", `rsa_oaep_md:${hash}`, "-pkeyopt", `rsa_mgf1_md:${hash}`],
  );
}

/** Wraps `material` in the folder under the public key there, and gives what is sent. */
function wrapped(shop: Workshop, algorithm: AlgorithmSpec): Uint8Array {
  if (algorithm === "SM2PKE") {
    const key = ["-pubin", "-keyform", "DER", "-inkey", "wrapping.der"];
    shop.openssl("pkeyutl", "-encrypt", ...key, "-in", "material", "-out", "wrapped");
    return shop.read("wrapped");
  }
  if (algorithm.startsWith("RSAES")) {
    oaep(shop, algorithm, "material", "wrapped");
    return shop.read("wrapped");
  }
  shop.openssl("rand", "-out", "aes", "32");
  const key = Buffer.from(shop.read("aes")).toString("hex");
  shop.openssl(
    "enc",
    "-id-aes256-wrap-pad",
    "-K",
    key,
    "-iv",
    "A65959A6",
    "-in",
    "material",
    "-out",
    "inner",
  );
  oaep(shop, algorithm, "aes", "outer");
  return new Uint8Array(Buffer.concat([shop.read("outer"), shop.read("inner")]));
}

/** Imports the `material` in the folder into a new key. */
async function imported(
  client: KMS,
  shop: Workshop,
  kind: { KeySpec: KeySpec; KeyUsage: KeyUsageType },
  WrappingAlgorithm: AlgorithmSpec,
  WrappingKeySpec: WrappingKeySpec = "RSA_2048",
): Promise<string> {
  const { KeyMetadata } = await client.createKey({ Origin: "EXTERNAL", ...kind });
  const KeyId = KeyMetadata?.KeyId ?? "";
  expect(KeyMetadata).toMatchObject({ KeyState: "PendingImport", Enabled: false, Origin: "EXTERNAL" });
  const parameters = await client.getParametersForImport({ KeyId, WrappingAlgorithm, WrappingKeySpec });
  shop.write("wrapping.der", parameters.PublicKey ?? new Uint8Array());
  await client.importKeyMaterial({
    KeyId,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: wrapped(shop, WrappingAlgorithm),
    ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
  });
  expect((await client.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe("Enabled");
  return KeyId;
}

const SYMMETRIC = { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT" } as const;

test.each([
  ["RSAES_OAEP_SHA_1", "RSA_2048"],
  ["RSAES_OAEP_SHA_256", "RSA_4096"],
  ["RSA_AES_KEY_WRAP_SHA_1", "RSA_3072"],
  ["RSA_AES_KEY_WRAP_SHA_256", "RSA_2048"],
] as const)(
  "32 bytes by %s under %s encrypt, and decrypt again after they were deleted and imported anew",
  async (algorithm, spec) => {
    const [client, shop] = [await openClient(), workshop()];
    shop.openssl("rand", "-out", "material", "32");
    const KeyId = await imported(client, shop, SYMMETRIC, algorithm, spec);
    const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext: MESSAGE });
    await client.deleteImportedKeyMaterial({ KeyId });
    await expect(client.decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
    const parameters = await client.getParametersForImport({
      ...{ KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: spec },
    });
    shop.write("wrapping.der", parameters.PublicKey ?? new Uint8Array());
    await client.importKeyMaterial({
      ...{ KeyId, ImportToken: parameters.ImportToken, EncryptedKeyMaterial: wrapped(shop, algorithm) },
      ValidTo: new Date(Date.now() + 86_400_000),
      ExpirationModel: "KEY_MATERIAL_EXPIRES",
    });
    expect((await client.decrypt({ CiphertextBlob })).Plaintext).toEqual(MESSAGE);
  },
);

const RSA = { signing: "RSASSA_PKCS1_V1_5_SHA_256", digest: "-sha256" } as const;
const curve = (name: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${name}`];

test.each([
  ["RSA_2048", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], RSA],
  ["RSA_3072", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], RSA],
  ["ECC_NIST_P256", curve("P-256"), { signing: "ECDSA_SHA_256", digest: "-sha256" }],
  ["ECC_NIST_P384", curve("P-384"), { signing: "ECDSA_SHA_384", digest: "-sha384" }],
  ["ECC_NIST_P521", curve("P-521"), { signing: "ECDSA_SHA_512", digest: "-sha512" }],
  ["ECC_SECG_P256K1", curve("secp256k1"), { signing: "ECDSA_SHA_256", digest: "-sha256" }],
] as const)(
  "a private key of %s signs, and openssl verifies with the public key that it has",
  async (KeySpec, generate, { signing, digest }) => {
    const [client, shop] = [await openClient(), workshop()];
    privateKey(shop, generate);
    const kind = { KeySpec, KeyUsage: "SIGN_VERIFY" } as const;
    const KeyId = await imported(client, shop, kind, "RSA_AES_KEY_WRAP_SHA_256");
    expect((await client.getPublicKey({ KeyId })).PublicKey).toEqual(shop.read("public.der"));
    const request = { KeyId, Message: MESSAGE, SigningAlgorithm: signing };
    const { Signature = new Uint8Array() } = await client.sign(request);
    shop.write("signature", Signature);
    shop.write("message", MESSAGE);
    const verified = shop.openssl(
      "dgst",
      digest,
      "-verify",
      "public.pem",
      "-signature",
      "signature",
      "message",
    );
    expect(verified.toString()).toBe("Verified OK\n");
  },
);

test("an Ed25519 private key has the public key that openssl says", async () => {
  const [client, shop] = [await openClient(), workshop()];
  privateKey(shop, ["-algorithm", "ED25519"]);
  const kind = { KeySpec: "ECC_NIST_EDWARDS25519", KeyUsage: "SIGN_VERIFY" } as const;
  const KeyId = await imported(client, shop, kind, "RSA_AES_KEY_WRAP_SHA_256");
  expect((await client.getPublicKey({ KeyId })).PublicKey).toEqual(shop.read("public.der"));
});

test("an elliptic private key fits into OAEP alone", async () => {
  const [client, shop] = [await openClient(), workshop()];
  privateKey(shop, curve("P-256"));
  await imported(client, shop, { KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" }, "RSAES_OAEP_SHA_256");
});

test.each([
  ["HMAC_224", "28", "HMAC_SHA_224", "sha224"],
  ["HMAC_256", "32", "HMAC_SHA_256", "sha256"],
  ["HMAC_384", "48", "HMAC_SHA_384", "sha384"],
  ["HMAC_512", "64", "HMAC_SHA_512", "sha512"],
] as const)(
  "an HMAC key of %s, %s bytes, gives the MACs of openssl",
  async (KeySpec, length, MacAlgorithm, digest) => {
    const [client, shop] = [await openClient(), workshop()];
    shop.openssl("rand", "-out", "material", length);
    const kind = { KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" } as const;
    const KeyId = await imported(client, shop, kind, "RSAES_OAEP_SHA_256");
    const { Mac = new Uint8Array() } = await client.generateMac({ KeyId, Message: MESSAGE, MacAlgorithm });
    shop.write("message", MESSAGE);
    const key = `hexkey:${Buffer.from(shop.read("material")).toString("hex")}`;
    const mac = shop.openssl("dgst", `-${digest}`, "-mac", "HMAC", "-macopt", key, "-binary", "message");
    expect(Buffer.from(Mac)).toEqual(mac);
  },
);

test("in China material comes under SM2, and under no RSA AES key wrap", async () => {
  const [client, shop] = [await openClient("cn-north-1"), workshop()];
  shop.openssl("rand", "-out", "material", "32");
  const KeyId = await imported(client, shop, SYMMETRIC, "SM2PKE", "SM2");
  const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext: MESSAGE });
  expect((await client.decrypt({ CiphertextBlob })).Plaintext).toEqual(MESSAGE);
  const request = {
    KeyId,
    WrappingAlgorithm: "RSA_AES_KEY_WRAP_SHA_256",
    WrappingKeySpec: "RSA_2048",
  } as const;
  await expect(client.getParametersForImport(request)).rejects.toMatchObject({
    name: "UnsupportedOperationException",
  });
});

/** A new private key as `material`, and its public key as DER and PEM. */
function privateKey(shop: Workshop, generate: readonly string[]): void {
  shop.openssl("genpkey", ...generate, "-out", "key.pem");
  shop.openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-outform", "DER", "-out", "material");
  shop.openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der");
  shop.openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem");
}
