/** Keys and blobs that travel: made in one runtime, opened in every other. */
import { createKms, memoryStore } from "kmslite";
import { type Artifact, hex, moduleOf, type Platform, same, unhex } from "./platform.ts";

const CONTEXT = { tenant: "Zoë", purpose: "orders" };

/** A key that was rotated, with blobs from before and after, and all that its store holds. */
export async function makeArtifact(platform: Platform, runtime: string): Promise<Artifact> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const store = memoryStore();
  const kms = await createKms({ root: secret, store, ...moduleOf(platform) });
  const { KeyMetadata } = await kms.createKey({ Description: `made in ${runtime}` });
  const KeyId = KeyMetadata?.KeyId;
  const blobs: Artifact["blobs"][number][] = [];
  for (const round of [0, 1, 2]) {
    const Plaintext = new TextEncoder().encode(`${runtime}, round ${round}`);
    const context = round === 1 ? {} : CONTEXT;
    const { CiphertextBlob = new Uint8Array() } = await kms.encrypt({
      KeyId,
      Plaintext,
      EncryptionContext: context,
    });
    blobs.push({ blob: hex(CiphertextBlob), context, plaintext: hex(Plaintext) });
    await kms.rotateKeyOnDemand({ KeyId });
  }
  await kms.rotateDomainKey();
  const records = (await store.list({ start: "!", end: "~", limit: 1000 })).map(
    ({ key, version, value }) => ({
      key,
      version,
      value: hex(value),
    }),
  );
  await kms.close();
  return { runtime, secret: hex(secret), records, blobs };
}

/** Opens a store that another runtime wrote, and every blob that it made. */
export async function openArtifact(platform: Platform, artifact: Artifact): Promise<string> {
  const store = memoryStore();
  const sets = artifact.records.map(({ key, version, value }) => ({ key, version, value: unhex(value) }));
  for (let from = 0; from < sets.length; from += 100)
    await store.commit({ checks: [], sets: sets.slice(from, from + 100), deletes: [] });
  const kms = await createKms({ root: unhex(artifact.secret), store, ...moduleOf(platform) });
  for (const { blob, context, plaintext } of artifact.blobs) {
    const { Plaintext = new Uint8Array() } = await kms.decrypt({
      CiphertextBlob: unhex(blob),
      EncryptionContext: context,
    });
    same("plaintext", hex(Plaintext), plaintext);
  }
  await kms.close();
  return `${artifact.blobs.length} blobs`;
}
