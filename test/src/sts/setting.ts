/** Two accounts on one server, and the official clients of whoever has an access key. */
import { KMSClient } from "@aws-sdk/client-kms";
import { type Credentials, STSClient } from "@aws-sdk/client-sts";
import { serve } from "@hono/node-server";
import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";

export const HOME = "111122223333";
export const AWAY = "444455556666";

/** The configured access key: the root user's of the first account. */
export const ROOT = { accessKeyId: "AKIDROOT", secretAccessKey: "secret of the root user" };

export interface Setting {
  readonly kms: Kms;
  readonly url: string;
  /** The server's clock; signatures are checked by it. */
  readonly clock: { aheadMs: number };
  stop(): Promise<void>;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export async function start(): Promise<Setting> {
  const clock = { aheadMs: 0 };
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    account: HOME,
    clock: () => Date.now() + clock.aheadMs,
  });
  const fetch = kms.fetchHandler({ accessKeys: [ROOT] });
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>(
    (resolve) => {
      const started = serve({ fetch, port: 0, hostname: "127.0.0.1" }, (address) =>
        resolve({ server: started, port: address.port }),
      );
    },
  );
  return {
    kms,
    url: `http://127.0.0.1:${port}`,
    clock,
    stop: async () => {
      await new Promise((resolve) => server.close(resolve));
      await kms.close();
    },
  };
}

export function stsOf({ url, clock }: Setting, credentials: AccessKey): STSClient {
  return new STSClient({ ...options(url, credentials), systemClockOffset: clock.aheadMs });
}

export function kmsOf({ url, clock }: Setting, credentials: AccessKey): KMSClient {
  return new KMSClient({ ...options(url, credentials), systemClockOffset: clock.aheadMs });
}

/** What a client signs with, of an answer of AssumeRole. */
export function keyOf(credentials: Credentials | undefined): AccessKey {
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** A user of an account, with an access key. */
export async function userOf({ kms }: Setting, account: string, UserName: string): Promise<AccessKey> {
  const iam = await kms.iam(account);
  await iam.createUser({ UserName });
  const { AccessKeyId, SecretAccessKey } = (await iam.createAccessKey({ UserName })).AccessKey;
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

function options(url: string, credentials: AccessKey) {
  // A key that another test has signed with is not to be asked for again, and no refusal to be tried again.
  return { endpoint: url, region: "us-east-1", credentials, maxAttempts: 1 };
}
