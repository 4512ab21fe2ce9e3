/** The official SDK against what an example serves. */
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  type KMSClientConfig,
} from "@aws-sdk/client-kms";
import { expect } from "vitest";

export const ACCESS_KEY = {
  accessKeyId: "AKIDEXAMPLE000000001",
  secretAccessKey: "a secret of the examples' tests",
};

/** For root keys that examples take from the environment. */
export const ROOT_KEY: string = "5a".repeat(32);

/** Makes a key and a blob, and opens it; or, given a blob, opens that. */
export async function useThroughSdk(config: KMSClientConfig, kept?: Uint8Array): Promise<Uint8Array> {
  const client = new KMSClient({ region: "us-east-1", credentials: ACCESS_KEY, maxAttempts: 1, ...config });
  try {
    const blob = kept ?? (await newBlob(client));
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob: blob }));
    expect(new TextDecoder().decode(Plaintext)).toBe("buy milk");
    return blob;
  } finally {
    client.destroy();
  }
}

async function newBlob(client: KMSClient): Promise<Uint8Array> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: "example" }));
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: new TextEncoder().encode("buy milk") }),
  );
  if (CiphertextBlob === undefined) throw new Error("Encrypt answered no blob");
  return CiphertextBlob;
}
