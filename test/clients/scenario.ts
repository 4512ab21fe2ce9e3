/** What every client must be able to do: the life of a key, from its creation to its scheduled deletion. */
import { expect } from "vitest";
import type { Client } from "./client.ts";

const context = { tenant: "north", schlüssel: "wert" };
const plaintext = new TextEncoder().encode("attack at dawn");

/** Runs the whole life. `rotate` stands in where the client is older than RotateKeyOnDemand. */
export async function lifeOfAKey(client: Client, rotate: (keyId: string) => Promise<void>): Promise<void> {
  const keyId = await createKey(client, `made by ${client.name}`);
  const alias = `alias/${client.name.replaceAll(/[^a-zA-Z]/g, "-")}-${keyId.slice(0, 8)}`;
  await client.call("CreateAlias", { AliasName: alias, TargetKeyId: keyId });

  const blobs = [await encrypt(client, alias)];
  const dataKey = await client.call("GenerateDataKey", {
    KeyId: alias,
    KeySpec: "AES_256",
    EncryptionContext: context,
  });
  expect((dataKey["Plaintext"] as Uint8Array).length).toBe(32);
  for (let round = 0; round < 2; round++) {
    await rotate(keyId);
    blobs.push(await encrypt(client, alias));
  }
  await decryptsEvery(client, blobs);
  const unwrapped = await client.call("Decrypt", {
    CiphertextBlob: dataKey["CiphertextBlob"],
    EncryptionContext: context,
  });
  expect(unwrapped["Plaintext"]).toEqual(dataKey["Plaintext"]);

  await reEncrypts(client, blobs[0] as Uint8Array);
  await statesOf(client, keyId, blobs);
}

/** A blob of each of the three backing keys opens, and not without its context. */
async function decryptsEvery(client: Client, blobs: readonly Uint8Array[]): Promise<void> {
  for (const blob of blobs) {
    const answer = await client.call("Decrypt", { CiphertextBlob: blob, EncryptionContext: context });
    expect(answer["Plaintext"]).toEqual(plaintext);
    await expect(client.call("Decrypt", { CiphertextBlob: blob })).rejects.toMatchObject({
      code: "InvalidCiphertextException",
    });
  }
}

async function reEncrypts(client: Client, blob: Uint8Array): Promise<void> {
  const other = await createKey(client, "second");
  const moved = await client.call("ReEncrypt", {
    CiphertextBlob: blob,
    SourceEncryptionContext: context,
    DestinationKeyId: other,
  });
  const answer = await client.call("Decrypt", { CiphertextBlob: moved["CiphertextBlob"], KeyId: other });
  expect(answer["Plaintext"]).toEqual(plaintext);
  expect(answer["KeyId"]).toContain(other);
}

/** Disabled, enabled, pending deletion, and back. */
async function statesOf(client: Client, keyId: string, blobs: readonly Uint8Array[]): Promise<void> {
  const use = () => client.call("Encrypt", { KeyId: keyId, Plaintext: plaintext });
  await client.call("DisableKey", { KeyId: keyId });
  await expect(use()).rejects.toMatchObject({ code: "DisabledException" });
  await client.call("EnableKey", { KeyId: keyId });
  await use();
  await client.call("ScheduleKeyDeletion", { KeyId: keyId, PendingWindowInDays: 7 });
  await expect(use()).rejects.toMatchObject({ code: "KMSInvalidStateException" });
  await client.call("CancelKeyDeletion", { KeyId: keyId });
  await expect(use()).rejects.toMatchObject({ code: "DisabledException" });
  await client.call("EnableKey", { KeyId: keyId });
  await decryptsEvery(client, blobs);
}

async function createKey(client: Client, description: string): Promise<string> {
  const answer = await client.call("CreateKey", { Description: description });
  const { KeyId } = answer["KeyMetadata"] as { KeyId: string };
  expect(KeyId).toMatch(/^[0-9a-f-]{36}$/);
  return KeyId;
}

async function encrypt(client: Client, keyId: string): Promise<Uint8Array> {
  const input = { KeyId: keyId, Plaintext: plaintext, EncryptionContext: context };
  const answer = await client.call("Encrypt", input);
  return answer["CiphertextBlob"] as Uint8Array;
}
