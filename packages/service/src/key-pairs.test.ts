/** Where the keys of key pairs and HMAC keys are: wrapped in the store, ready in memory, and wiped when they go. */
import { createECDH, createHmac } from "node:crypto";
import { loadKeyPairAlgorithm, type PrivateKey } from "@kmslite/crypto/key-pairs";
import { platformCryptography, secretRootKey } from "@kmslite/hierarchy";
import { memoryStore } from "@kmslite/store";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { afterEach, expect, test, vi } from "vitest";
import { CALLER, open } from "../test-support/open.ts";
import { Database } from "./database/database.ts";
import { under } from "./database/keys.ts";
import { type BackingKeyRecord, decode, encode, type Row } from "./database/records.ts";
import { kmsMethods } from "./kms.ts";

const DAY = 86_400_000;
const Message = new TextEncoder().encode("attack at dawn");
const KeySpec = "ECC_NIST_P256";
const KeyUsage = "SIGN_VERIFY";
const SigningAlgorithm = "ECDSA_SHA_256";
const rootKey = () => secretRootKey(new Uint8Array(32).fill(7));

afterEach(() => vi.restoreAllMocks());

/** What was imported of private keys since, with the material it came from, and whether it was destroyed. */
async function watchImports() {
  const algorithm = await loadKeyPairAlgorithm(KeySpec);
  const importPrivateKey = algorithm.importPrivateKey.bind(algorithm);
  const imports: { readonly material: Uint8Array; destroyed: boolean }[] = [];
  vi.spyOn(algorithm, "importPrivateKey").mockImplementation(async (material) => {
    const key: PrivateKey = await importPrivateKey(material);
    const entry = { material, destroyed: false };
    imports.push(entry);
    const destroy = key.destroy.bind(key);
    key.destroy = () => {
      entry.destroyed = true;
      destroy();
    };
    return key;
  });
  return imports;
}

/** The key tokens of a store, read as another process would. */
async function backingKeys(store: ReturnType<typeof memoryStore>) {
  const database = await Database.open(store, rootKey(), await platformCryptography(), Date.now());
  const { end } = under("backing/");
  const records = await database.records.list({ start: "backing/0", end, limit: 10 });
  const rows: Row<BackingKeyRecord>[] = records.map((record) => decode<BackingKeyRecord>(record));
  return { database, rows };
}

test("a private key is opened once, its PKCS#8 wiped at once, and itself when the service closes", async () => {
  const imports = await watchImports();
  const { kms, service } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  const request = { KeyId: KeyMetadata?.KeyId, Message, SigningAlgorithm } as const;
  const { Signature } = await kms.sign(request);
  await kms.sign(request);
  await kms.verify({ ...request, Signature });
  await kms.getPublicKey({ KeyId: request.KeyId });
  expect(imports).toHaveLength(1);
  expect(imports[0]?.material.every((byte) => byte === 0)).toBe(true);
  expect(imports[0]?.destroyed).toBe(false);
  await service.close();
  expect(imports[0]?.destroyed).toBe(true);
});

test("a private key is wiped when its KMS key is deleted", async () => {
  const imports = await watchImports();
  const { kms, service, clock } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  const KeyId = KeyMetadata?.KeyId;
  await kms.sign({ KeyId, Message, SigningAlgorithm });
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  clock.now += 7 * DAY;
  await service.runDueWork();
  await vi.waitFor(() => expect(imports[0]?.destroyed).toBe(true));
  await expect(kms.getPublicKey({ KeyId })).rejects.toMatchObject({ name: "NotFoundException" });
});

test("in the store a private key stands wrapped only, bound to its spec and usage", async () => {
  const store = memoryStore();
  const { kms, contents } = await open({ store, rootKey: rootKey() });
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  const { PublicKey = new Uint8Array() } = await kms.getPublicKey({ KeyId: KeyMetadata?.KeyId });
  const { database, rows } = await backingKeys(store);
  const [row] = rows;
  expect(row?.value).toMatchObject({
    keySpec: KeySpec,
    keyUsage: KeyUsage,
    publicKey: bytesToHex(PublicKey),
  });
  const keyMaterialId = row?.record.key.split("/").at(-1) ?? "";
  const binding = {
    accountId: "111122223333",
    keyId: KeyMetadata?.KeyId ?? "",
    keyMaterialId,
    keySpec: KeySpec,
    keyUsage: KeyUsage,
    origin: "AWS_KMS",
  };
  const token = hexToBytes(row?.value.token ?? "");
  const pkcs8 = database.domainKeys.unwrap(token, binding);
  // ECPrivateKey (RFC 5915 §3) in PKCS#8: the 32 bytes of the scalar follow 36 of headers.
  const scalar = pkcs8.slice(36, 68);
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(scalar);
  expect(new Uint8Array(ecdh.getPublicKey())).toEqual(PublicKey.slice(-65));
  const everything = (await contents()).join("\n");
  const text = [...everything.matchAll(/(?<= )[\d,]+$/gmu)]
    .map(([bytes]) => String.fromCharCode(...bytes.split(",").map(Number)))
    .join("\n");
  expect(text).toContain(row?.value.token);
  expect(text).not.toContain(bytesToHex(scalar));
  expect(everything).not.toContain(scalar.join());
  for (const change of [
    { keySpec: "ECC_NIST_P384" },
    { keyUsage: "KEY_AGREEMENT" },
    { origin: "EXTERNAL" },
  ]) {
    expect(() => database.domainKeys.unwrap(token, { ...binding, ...change })).toThrow(/does not open/);
  }
  database.close();
});

test("a public key that was exchanged in the store is refused", async () => {
  const store = memoryStore();
  const { kms } = await open({ store, rootKey: rootKey() });
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  await kms.createKey({ KeySpec, KeyUsage });
  const { database, rows } = await backingKeys(store);
  const keyId = KeyMetadata?.KeyId ?? "";
  const own = rows.find(({ record }) => record.key.includes(keyId));
  const other = rows.find(({ record }) => !record.key.includes(keyId));
  if (own === undefined || other?.value.publicKey === undefined)
    throw new Error("There are no two key pairs");
  const payload = encode({ ...own.value, publicKey: other.value.publicKey });
  expect(await database.records.commit({ updates: [{ record: own.record, payload }] })).toBe(true);
  await expect(kms.getPublicKey({ KeyId: keyId })).rejects.toMatchObject({
    name: "KMSInternalException",
    message: expect.stringContaining("holds the public key of another key"),
  });
  database.close();
});

test("keys of every kind outlive rotations of the domain key, and the process", async () => {
  const store = memoryStore();
  const first = await open({ store, rootKey: rootKey() });
  const create = async (request: Parameters<typeof first.kms.createKey>[0]) =>
    (await first.kms.createKey(request)).KeyMetadata?.KeyId;
  const signing = await create({ KeySpec, KeyUsage });
  const mac = await create({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const kem = await create({ KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" });
  const signature = { KeyId: signing, Message, SigningAlgorithm } as const;
  const { Signature } = await first.kms.sign(signature);
  const authenticated = { KeyId: mac, Message, MacAlgorithm: "HMAC_SHA_256" } as const;
  const { Mac } = await first.kms.generateMac(authenticated);
  const EncapsulationAlgorithm = "ML_KEM";
  const encapsulated = await first.kms.encapsulate({ KeyId: kem, EncapsulationAlgorithm });
  const { PublicKey } = await first.kms.getPublicKey({ KeyId: signing });
  await first.service.rotateDomainKey();
  await first.service.close();
  const { kms } = await open({ store, rootKey: rootKey() });
  expect((await kms.getPublicKey({ KeyId: signing })).PublicKey).toEqual(PublicKey);
  expect((await kms.verify({ ...signature, Signature })).SignatureValid).toBe(true);
  const again = await kms.sign(signature);
  expect((await kms.verify({ ...signature, Signature: again.Signature })).SignatureValid).toBe(true);
  expect((await kms.generateMac(authenticated)).Mac).toEqual(Mac);
  const { SharedSecretCiphertextBlob } = encapsulated;
  const decapsulated = await kms.decapsulate({
    KeyId: kem,
    SharedSecretCiphertextBlob,
    EncapsulationAlgorithm,
  });
  expect(decapsulated.SharedSecret).toEqual(encapsulated.SharedSecret);
});

test("replicas of a key pair sign, verify and agree with the primary key's own material", async () => {
  const { kms, service } = await open();
  const elsewhere = kmsMethods(service, { ...CALLER, region: "eu-west-1" });
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage, MultiRegion: true });
  const KeyId = KeyMetadata?.KeyId;
  await kms.replicateKey({ KeyId, ReplicaRegion: "eu-west-1" });
  expect((await elsewhere.getPublicKey({ KeyId })).PublicKey).toEqual(
    (await kms.getPublicKey({ KeyId })).PublicKey,
  );
  const request = { KeyId, Message, SigningAlgorithm } as const;
  const { Signature } = await elsewhere.sign(request);
  expect((await kms.verify({ ...request, Signature })).SignatureValid).toBe(true);
});

test("an HMAC key that is held ready is wiped when the service closes", async () => {
  const { kms, service } = await open();
  const { KeyMetadata } = await kms.createKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const slices: Uint8Array[] = [];
  const slice = Uint8Array.prototype.slice;
  vi.spyOn(Uint8Array.prototype, "slice").mockImplementation(function (this: Uint8Array, ...range) {
    const copy = slice.apply(this, range);
    if (copy.length === 32) slices.push(copy);
    return copy;
  });
  const request = { KeyId: KeyMetadata?.KeyId, Message, MacAlgorithm: "HMAC_SHA_256" } as const;
  const { Mac = new Uint8Array() } = await kms.generateMac(request);
  vi.restoreAllMocks();
  const macOf = (key: Uint8Array) => createHmac("sha256", key).update(Message).digest("hex");
  const held = slices.filter((bytes) => macOf(bytes) === bytesToHex(Mac));
  expect(held).toHaveLength(1);
  await service.close();
  expect(held[0]).toEqual(new Uint8Array(32));
});
