/** Encrypt requests as the official client signs them, kept instead of sent. */
import { EncryptCommand, KMSClient, type KMSClientConfig } from "@aws-sdk/client-kms";

/** What the SDK hands to its request handler, as far as it is used here. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** @returns whole requests as they go over the wire, each with 32 random bytes to encrypt */
export async function signedEncrypts(
  config: KMSClientConfig,
  KeyId: string,
  count: number,
): Promise<readonly string[]> {
  const requests: string[] = [];
  const handle = (request: SdkRequest): Promise<never> => {
    const { method, path, headers } = request;
    const body = new TextDecoder().decode(request.body);
    const lines = Object.entries({ ...headers, "content-length": String(Buffer.byteLength(body)) });
    const header = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    requests.push(`${method} ${path} HTTP/1.1\r\n${header}\r\n${body}`);
    return Promise.reject(new Error(KEPT));
  };
  const client = new KMSClient({ ...config, maxAttempts: 1, requestHandler: { handle } });
  while (requests.length < count) {
    const Plaintext = crypto.getRandomValues(new Uint8Array(32));
    await client.send(new EncryptCommand({ KeyId, Plaintext })).catch((error: Error) => {
      if (error.message !== KEPT) throw error;
    });
  }
  return requests;
}

const KEPT = "kept, not sent";
