/** The official SDK over the KMS in the same process, without a network. */
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { hex, same } from "./platform.ts";

export async function sdk(): Promise<string> {
  const kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
  const { KeyMetadata } = await kms.createKey({});
  const client = new KMSClient({
    region: kms.region,
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    requestHandler: kms.requestHandler(),
  });
  const Plaintext = new TextEncoder().encode("through the SDK");
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext }));
  const opened = await client.send(new DecryptCommand({ CiphertextBlob }));
  same("plaintext", hex(opened.Plaintext ?? new Uint8Array()), hex(Plaintext));
  const refusal = await client
    .send(new DecryptCommand({ CiphertextBlob: new Uint8Array(100) }))
    .catch((e: unknown) => e);
  same("refusal", (refusal as Error).name, "InvalidCiphertextException");
  client.destroy();
  await kms.close();
  return "Encrypt, Decrypt";
}
