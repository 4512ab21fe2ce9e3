/** Several tabs, processes or functions that write to one store at once: no update of any of them is lost. */
import { LASTING_ALIAS, lastingKms, type Platform, type PlatformStore, same } from "./platform.ts";

/** Below the 25 rotations that a key may have, for two of them. */
const ROUNDS = 10;

/** One of them: rotates the same key again and again, and writes a blob of each version into a tag of the same key. */
export async function share(platform: Platform, store: PlatformStore, who: string): Promise<void> {
  const kms = await lastingKms(platform, store);
  const { KeyMetadata } = await kms.describeKey({ KeyId: LASTING_ALIAS });
  const KeyId = KeyMetadata?.KeyId;
  for (let round = 0; round < ROUNDS; round++) {
    await kms.rotateKeyOnDemand({ KeyId });
    const Plaintext = new TextEncoder().encode(`${who} ${round}`);
    const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({ KeyId, Plaintext });
    const TagValue = btoa(String.fromCharCode(...CiphertextBlob));
    await kms.tagResource({ KeyId, Tags: [{ TagKey: `${who} ${round}`, TagValue }] });
  }
  await kms.close();
}

/** After all of them: every rotation and every tag is there, and every blob opens. */
export async function shared(
  platform: Platform,
  store: PlatformStore,
  writers: readonly string[],
): Promise<string> {
  const kms = await lastingKms(platform, store);
  const { KeyMetadata } = await kms.describeKey({ KeyId: LASTING_ALIAS });
  const KeyId = KeyMetadata?.KeyId;
  const { Rotations } = await kms.listKeyRotations({ KeyId, Limit: 100 });
  // One rotation was before them.
  same("rotations", Rotations?.length, 1 + writers.length * ROUNDS);
  const { Tags = [] } = await kms.listResourceTags({ KeyId, Limit: 50 });
  same("tags", Tags.length, writers.length * ROUNDS);
  for (const { TagKey, TagValue = "" } of Tags) {
    const CiphertextBlob = Uint8Array.from(atob(TagValue), (character) => character.charCodeAt(0));
    const { Plaintext } = await kms.decrypt({ CiphertextBlob });
    same("plaintext", new TextDecoder().decode(Plaintext), TagKey);
  }
  await kms.close();
  return `${writers.length * ROUNDS} rotations and tags`;
}
