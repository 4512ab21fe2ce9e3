/**
 * Writes golden/<version>.json: a store, and blobs of it, as the present version makes them. Run once for each release,
 * `node test/src/golden/make.ts 0.1.0`; what is there is never written again, because every later version must read it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKms, createPassphraseFile, memoryStore, openPassphraseFile } from "kmslite";

const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version))
  throw new RangeError("Which version? Such as 0.1.0");

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");
const passphrase = "correct horse battery staple";
// The cost of a test, not of a root key.
const rootKeyFile = await createPassphraseFile(passphrase, { N: 1024, r: 8, p: 1 });
const store = memoryStore();
const kms = await createKms({
  root: await openPassphraseFile(rootKeyFile, passphrase),
  store,
  region: "eu-central-1",
  account: "111122223333",
});

const blobs: object[] = [];
for (const MultiRegion of [false, true]) {
  const { KeyMetadata } = await kms.createKey({ MultiRegion, Description: "golden" });
  const KeyId = KeyMetadata?.KeyId;
  await kms.createAlias({ AliasName: `alias/golden-${MultiRegion}`, TargetKeyId: KeyId });
  for (let material = 0; material < 3; material++) {
    const EncryptionContext = { material: String(material), ключ: "значение", "": "empty" };
    const Plaintext = new TextEncoder().encode(`material ${material} of ${KeyId}`);
    const sealed = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
    blobs.push({ KeyId, EncryptionContext, plaintext: hex(Plaintext), blob: hex(sealed.CiphertextBlob) });
    const dataKey = await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
    blobs.push({
      KeyId,
      EncryptionContext: {},
      plaintext: hex(dataKey.Plaintext),
      blob: hex(dataKey.CiphertextBlob),
    });
    await kms.rotateKeyOnDemand({ KeyId });
    await kms.rotateDomainKey();
  }
}

const records = await store.list({ start: "!", end: "~", limit: 1000 });
const golden = {
  passphrase,
  rootKeyFile: JSON.parse(rootKeyFile),
  region: kms.region,
  account: kms.account,
  store: records.map(({ key, version: recordVersion, value }) => ({
    key,
    version: recordVersion,
    value: hex(value),
  })),
  blobs,
};
writeFileSync(join(import.meta.dirname, `${version}.json`), `${JSON.stringify(golden, null, 2)}\n`, {
  flag: "wx",
});
await kms.close();
