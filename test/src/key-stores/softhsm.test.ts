/** CloudHSM key stores on a real PKCS#11 token: Debian's SoftHSM 2, in a folder of the test's own. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMS } from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { pkcs11Cluster } from "kmslite/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const LIBRARY = "/usr/lib/softhsm/libsofthsm2.so";
/** Compiled where there are a compiler and Node.js's headers (`pnpm pkcs11:build`), and not by the installation. */
const BINDING = join(
  import.meta.dirname,
  "../../../packages/kmslite/node_modules/pkcs11js/build/Release/pkcs11.node",
);
const CLUSTER = "cluster-2a34567bcde";
const PIN = "kmsPswd-7";
const ANCHOR = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const MESSAGE = new TextEncoder().encode("attack at dawn");

describe.skipIf(![LIBRARY, BINDING].every((path) => existsSync(path)))("a key store on SoftHSM", () => {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-softhsm-"));
  let embedded: Kms;
  let kms: KMS;
  let CustomKeyStoreId: string;

  beforeAll(async () => {
    mkdirSync(join(folder, "tokens"));
    const configuration = join(folder, "softhsm2.conf");
    writeFileSync(
      configuration,
      `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\n`,
    );
    process.env["SOFTHSM2_CONF"] = configuration;
    const pins = ["--so-pin", "5678-so", "--pin", PIN];
    execFileSync("softhsm2-util", ["--init-token", "--free", "--label", "kms", ...pins], { timeout: 30_000 });
    const token = pkcs11Cluster({ library: LIBRARY, tokenLabel: "kms", trustAnchorCertificate: ANCHOR });
    const missing = pkcs11Cluster({ library: LIBRARY, tokenLabel: "none", trustAnchorCertificate: "other" });
    const clusters = new Map([
      [CLUSTER, token],
      ["cluster-2a34567none", missing],
    ]);
    embedded = await createKms({
      root: ephemeralRootKey(),
      store: memoryStore(),
      keyStores: { hsmCluster: (id) => clusters.get(id) },
    });
    kms = new KMS({ region: "us-east-1", requestHandler: embedded.requestHandler(), credentials: NOBODY });
    const created = await kms.createCustomKeyStore(REQUEST);
    CustomKeyStoreId = created.CustomKeyStoreId ?? "";
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  const NOBODY = { accessKeyId: "none", secretAccessKey: "none" };
  const REQUEST = {
    CustomKeyStoreName: "hsm",
    CloudHsmClusterId: CLUSTER,
    TrustAnchorCertificate: ANCHOR,
    KeyStorePassword: PIN,
  };
  const state = async () => {
    const { CustomKeyStores } = await kms.describeCustomKeyStores({ CustomKeyStoreId });
    return [CustomKeyStores?.[0]?.ConnectionState, CustomKeyStores?.[0]?.ConnectionErrorCode];
  };

  test("a wrong PIN fails as INVALID_CREDENTIALS, the right one connects", async () => {
    await kms.updateCustomKeyStore({ CustomKeyStoreId, KeyStorePassword: "not the pin" });
    await kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect(await state()).toEqual(["FAILED", "INVALID_CREDENTIALS"]);
    await kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await kms.updateCustomKeyStore({ CustomKeyStoreId, KeyStorePassword: PIN });
    await kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect(await state()).toEqual(["CONNECTED", undefined]);
  });

  test("a token that is not there is a cluster that is not active", async () => {
    const request = { ...REQUEST, CustomKeyStoreName: "2", CloudHsmClusterId: "cluster-2a34567none" };
    await expect(
      kms.createCustomKeyStore({ ...request, TrustAnchorCertificate: "other" }),
    ).rejects.toMatchObject({
      name: "CloudHsmClusterNotActiveException",
    });
  });

  test("a KMS key lives on the token: it encrypts, decrypts, gives data keys, and nothing opens without it", async () => {
    const { KeyMetadata } = await kms.createKey({ Origin: "AWS_CLOUDHSM", CustomKeyStoreId });
    const KeyId = KeyMetadata?.KeyId ?? "";
    const EncryptionContext = { tenant: "a" };
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: MESSAGE, EncryptionContext });
    expect((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(MESSAGE);
    await expect(kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    const edited = Uint8Array.from(CiphertextBlob ?? []);
    edited[edited.length - 1] = (edited.at(-1) ?? 0) ^ 1;
    await expect(kms.decrypt({ CiphertextBlob: edited, EncryptionContext })).rejects.toMatchObject({
      name: "InvalidCiphertextException",
    });
    const dataKey = await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    expect((await kms.decrypt({ CiphertextBlob: dataKey.CiphertextBlob })).Plaintext).toEqual(
      dataKey.Plaintext,
    );
    const largest = new Uint8Array(4096).fill(7);
    const sealed = await kms.encrypt({ KeyId, Plaintext: largest });
    expect((await kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob })).Plaintext).toEqual(largest);
    await kms.disconnectCustomKeyStore({ CustomKeyStoreId });
    await expect(kms.decrypt({ CiphertextBlob, EncryptionContext })).rejects.toMatchObject({
      name: "KMSInvalidStateException",
    });
    await kms.connectCustomKeyStore({ CustomKeyStoreId });
    expect((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(MESSAGE);
  });

  test("random bytes come from the token", async () => {
    const { Plaintext } = await kms.generateRandom({ CustomKeyStoreId, NumberOfBytes: 1024 });
    expect(new Set(Plaintext).size).toBeGreaterThan(200);
  });
});
