/** The KMS as a whole: every operation there is, rotation with old blobs, and what outlives a restart. */
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { hex, type Platform, type PlatformStore, same } from "./platform.ts";

const utf8 = new TextEncoder();
const MESSAGE = utf8.encode("attack at dawn");
const CONTEXT = { tenant: "a" };
/** What a KMS has beside operations. */
const NO_OPERATIONS: ReadonlySet<string> = new Set([
  "requestHandler",
  "fetchHandler",
  "rotateDomainKey",
  "runDueWork",
  "close",
]);
const LASTING_ALIAS = "alias/lasting";

/** Calls every operation at least once, and fails if one was forgotten. */
export async function operations(platform: Platform): Promise<string> {
  const store = await platform.stores[0]?.create();
  const opened = await createKms({
    root: ephemeralRootKey(),
    store: (await store?.open()) ?? memoryStore(),
    ...moduleOf(platform),
  });
  const called = new Set<string>();
  const kms = recorded(opened, called);
  const { KeyMetadata } = await kms.createKey({ Description: "one", Tags: [{ TagKey: "a", TagValue: "1" }] });
  const other = (await kms.createKey({ MultiRegion: true })).KeyMetadata?.KeyId;
  const KeyId = KeyMetadata?.KeyId;

  await kms.createAlias({ AliasName: "alias/one", TargetKeyId: KeyId });
  await kms.updateAlias({ AliasName: "alias/one", TargetKeyId: other });
  await kms.updateAlias({ AliasName: "alias/one", TargetKeyId: KeyId });
  same(
    "aliases",
    (await kms.listAliases({})).Aliases?.map(({ AliasName }) => AliasName),
    ["alias/one"],
  );
  await kms.tagResource({ KeyId, Tags: [{ TagKey: "b", TagValue: "2" }] });
  await kms.untagResource({ KeyId, TagKeys: ["a"] });
  same("tags", (await kms.listResourceTags({ KeyId })).Tags, [{ TagKey: "b", TagValue: "2" }]);
  await kms.updateKeyDescription({ KeyId, Description: "two" });
  const described = (await kms.describeKey({ KeyId: "alias/one" })).KeyMetadata;
  same(
    "description",
    [described?.KeyId, described?.Description, described?.KeyState],
    [KeyId, "two", "Enabled"],
  );
  same("keys", (await kms.listKeys({})).Keys?.length, 2);

  const sealed = await kms.encrypt({ KeyId: "alias/one", Plaintext: MESSAGE, EncryptionContext: CONTEXT });
  const again = await kms.reEncrypt({
    CiphertextBlob: sealed.CiphertextBlob,
    SourceEncryptionContext: CONTEXT,
    DestinationKeyId: other,
  });
  const opens = async (CiphertextBlob: Uint8Array | undefined, EncryptionContext?: Record<string, string>) =>
    hex((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext ?? new Uint8Array());
  same("decrypted", await opens(sealed.CiphertextBlob, CONTEXT), hex(MESSAGE));
  same("decrypted after ReEncrypt", await opens(again.CiphertextBlob), hex(MESSAGE));
  const data = await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
  same("data key", await opens(data.CiphertextBlob), hex(data.Plaintext ?? new Uint8Array()));
  const hidden = await kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: "AES_128" });
  same("hidden data key", (await opens(hidden.CiphertextBlob)).length, 32);
  same("random", (await kms.generateRandom({ NumberOfBytes: 100 })).Plaintext?.length, 100);

  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 100 });
  same("rotation", (await kms.getKeyRotationStatus({ KeyId })).RotationPeriodInDays, 100);
  await kms.disableKeyRotation({ KeyId });
  await kms.rotateKeyOnDemand({ KeyId });
  same("rotations", (await kms.listKeyRotations({ KeyId })).Rotations?.length, 1);
  same("decrypted after rotation", await opens(sealed.CiphertextBlob, CONTEXT), hex(MESSAGE));

  await kms.disableKey({ KeyId });
  await refused("DisabledException", () => kms.encrypt({ KeyId, Plaintext: MESSAGE }));
  await kms.enableKey({ KeyId });
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  await refused("KMSInvalidStateException", () => kms.encrypt({ KeyId, Plaintext: MESSAGE }));
  await kms.cancelKeyDeletion({ KeyId });
  await kms.deleteAlias({ AliasName: "alias/one" });
  await refused("NotFoundException", () => kms.describeKey({ KeyId: "alias/one" }));

  const forgotten = operationsOf(opened).filter((name) => !called.has(name));
  await opened.close();
  await store?.dispose();
  same("operations that this behaviour forgot", forgotten, []);
  return `${called.size} operations`;
}

/** Old blobs open after many rotations, of the key and of the domain key. */
export async function rotation(platform: Platform): Promise<string> {
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore(), ...moduleOf(platform) });
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId;
  const blobs: (Uint8Array | undefined)[] = [];
  for (let round = 0; round < 12; round++) {
    blobs.push((await kms.encrypt({ KeyId, Plaintext: utf8.encode(`round ${round}`) })).CiphertextBlob);
    await kms.rotateKeyOnDemand({ KeyId });
    if (round % 5 === 0) await kms.rotateDomainKey();
  }
  for (const [round, CiphertextBlob] of blobs.entries()) {
    const { Plaintext } = await kms.decrypt({ CiphertextBlob });
    same(`blob ${round}`, new TextDecoder().decode(Plaintext), `round ${round}`);
  }
  await kms.close();
  return `${blobs.length} rotations`;
}

/** Leaves a key, its alias and a blob in its description, for {@link openLasting} after the restart. */
export async function makeLasting(platform: Platform, store: PlatformStore): Promise<void> {
  const kms = await lasting(platform, store);
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId;
  const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({ KeyId, Plaintext: MESSAGE });
  await kms.rotateKeyOnDemand({ KeyId });
  await kms.updateKeyDescription({ KeyId, Description: hex(CiphertextBlob) });
  await kms.createAlias({ AliasName: LASTING_ALIAS, TargetKeyId: KeyId });
  await kms.close();
}

export async function openLasting(platform: Platform, store: PlatformStore): Promise<void> {
  const kms = await lasting(platform, store);
  const { KeyMetadata } = await kms.describeKey({ KeyId: LASTING_ALIAS });
  const CiphertextBlob = Uint8Array.from(KeyMetadata?.Description?.match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
  const { Plaintext = new Uint8Array() } = await kms.decrypt({ CiphertextBlob });
  same("plaintext", hex(Plaintext), hex(MESSAGE));
  await kms.close();
}

async function lasting(platform: Platform, store: PlatformStore): Promise<Kms> {
  if (store.lasting === undefined) throw new TypeError(`${store.name} does not outlive a restart`);
  return createKms({ root: await platform.rootKey(), store: await store.lasting(), ...moduleOf(platform) });
}

function moduleOf({ modules }: Platform): { readonly module?: WebAssembly.Module } {
  return modules === undefined ? {} : { module: modules["wasm-simd"] };
}

function operationsOf(kms: Kms): string[] {
  return Object.entries(kms)
    .filter(([name, value]) => typeof value === "function" && !NO_OPERATIONS.has(name))
    .map(([name]) => name);
}

/** The same KMS, noting which operations are called. */
function recorded(kms: Kms, called: Set<string>): Kms {
  const operations = new Set(operationsOf(kms));
  return new Proxy(kms, {
    get: (target, name) => {
      if (typeof name === "string" && operations.has(name)) called.add(name);
      return Reflect.get(target, name);
    },
  });
}

async function refused(name: string, call: () => Promise<unknown>): Promise<void> {
  const error = await call().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  same("refusal", (error as Error | undefined)?.name, name);
}
