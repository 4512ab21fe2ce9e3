/** The official SDK against a runtime that serves the KMS protocol over HTTP: a key is made, and found again after a restart. */
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { attempt, hex, type Outcome, type Question, same } from "../behaviours/platform.ts";

const Plaintext = new TextEncoder().encode("over HTTP");

/** A function to be called with the address of what serves, first and after the restart. */
export function servedKey(credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): (endpoint: string, phase: Question["phase"]) => Promise<Outcome> {
  let kept: Uint8Array | undefined;
  return async (endpoint, phase) => {
    const client = new KMSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    const stranger = new KMSClient({
      endpoint,
      region: "us-east-1",
      credentials: { ...credentials, secretAccessKey: "another" },
      maxAttempts: 1,
    });
    const first = async (): Promise<void> => {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
      const sealed = await client.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext }));
      kept = sealed.CiphertextBlob;
      const refusal: unknown = await stranger.send(new CreateKeyCommand({})).catch((error) => error);
      same("a wrong signature", refusal instanceof Error && refusal.name, "InvalidSignatureException");
    };
    const opens = async (): Promise<void> => {
      const opened = await client.send(new DecryptCommand({ CiphertextBlob: kept }));
      same("plaintext", hex(opened.Plaintext ?? new Uint8Array()), hex(Plaintext));
    };
    try {
      return phase === "first"
        ? await attempt("official SDK over HTTP", async () => {
            await first();
            await opens();
          })
        : await attempt("official SDK over HTTP after a restart", opens);
    } finally {
      client.destroy();
      stranger.destroy();
    }
  };
}
