/** The KMS as a whole: rotation with old blobs, and what outlives a restart. */
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import {
  hex,
  LASTING_ALIAS,
  lastingKms,
  moduleOf,
  type Platform,
  type PlatformStore,
  same,
  unhex,
} from "./platform.ts";

const utf8 = new TextEncoder();
const MESSAGE = utf8.encode("attack at dawn");

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
  const kms = await lastingKms(platform, store);
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata?.KeyId;
  const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({ KeyId, Plaintext: MESSAGE });
  await kms.rotateKeyOnDemand({ KeyId });
  await kms.updateKeyDescription({ KeyId, Description: hex(CiphertextBlob) });
  await kms.createAlias({ AliasName: LASTING_ALIAS, TargetKeyId: KeyId });
  await kms.close();
}

export async function openLasting(platform: Platform, store: PlatformStore): Promise<void> {
  const kms = await lastingKms(platform, store);
  const { KeyMetadata } = await kms.describeKey({ KeyId: LASTING_ALIAS });
  const CiphertextBlob = unhex(KeyMetadata?.Description ?? "");
  const { Plaintext = new Uint8Array() } = await kms.decrypt({ CiphertextBlob });
  same("plaintext", hex(Plaintext), hex(MESSAGE));
  await kms.close();
}
