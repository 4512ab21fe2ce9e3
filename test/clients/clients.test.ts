import { createKms, ephemeralRootKey, type Kms, memoryStore } from "kmslite";
import { afterAll, beforeAll, describe, test } from "vitest";
import { AWS_CLI, awsCli, hasAwsCli } from "./aws-cli.ts";
import { boto3, hasBoto3 } from "./boto3.ts";
import type { Client } from "./client.ts";
import { hasModel } from "./environment.ts";
import { lifeOfAKey } from "./scenario.ts";
import { sdkInProcess, sdkOverHttp } from "./sdk.ts";
import { type RunningServer, startServer } from "./server.ts";

let server: RunningServer;
let kms: Kms;

beforeAll(async () => {
  server = await startServer();
  kms = await createKms({ root: ephemeralRootKey(), store: memoryStore() });
});

afterAll(async () => {
  await server.stop();
  await kms.close();
});

/** A client as old as Debian's knows no RotateKeyOnDemand unless it is given a newer API model. */
function rotatorOf(client: Client, current: boolean): (keyId: string) => Promise<void> {
  return async (keyId) => {
    const rotator = current ? client : sdkOverHttp(server.endpoint);
    await rotator.call("RotateKeyOnDemand", { KeyId: keyId });
  };
}

describe("clients that we did not write live the life of a key", () => {
  test("@aws-sdk/client-kms over HTTP", async () => {
    const client = sdkOverHttp(server.endpoint);
    await lifeOfAKey(client, rotatorOf(client, true));
    await client.close();
  });

  test("@aws-sdk/client-kms in-process, without a network", async () => {
    const client = sdkInProcess(kms.requestHandler());
    await lifeOfAKey(client, rotatorOf(client, true));
    await client.close();
  });

  test.skipIf(!hasAwsCli)(`Debian's awscli (${hasAwsCli ? AWS_CLI : "skipped: not installed"})`, async () => {
    const client = awsCli(server.endpoint);
    await lifeOfAKey(client, rotatorOf(client, hasModel));
    await client.close();
  });

  test.skipIf(!hasBoto3)(`Debian's python3-boto3${hasBoto3 ? "" : " (skipped: not installed)"}`, async () => {
    const client = boto3(server.endpoint);
    await lifeOfAKey(client, rotatorOf(client, hasModel));
    await client.close();
  });
});
