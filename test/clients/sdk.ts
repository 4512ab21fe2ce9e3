/** The official SDK for JavaScript: over HTTP when it is given an endpoint, inside this process when given a handler. */
import * as sdk from "@aws-sdk/client-kms";
import { type Client, type Endpoint, OperationError } from "./client.ts";

export function sdkOverHttp(endpoint: Endpoint): Client {
  const { url, region, accessKeyId, secretAccessKey } = endpoint;
  const credentials = { accessKeyId, secretAccessKey };
  return client("sdk-http", new sdk.KMSClient({ endpoint: url, region, credentials, maxAttempts: 1 }));
}

export function sdkInProcess(requestHandler: NonNullable<sdk.KMSClientConfig["requestHandler"]>): Client {
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  return client(
    "sdk-in-process",
    new sdk.KMSClient({ region: "us-east-1", credentials, requestHandler, maxAttempts: 1 }),
  );
}

function client(name: string, kms: sdk.KMSClient): Client {
  return {
    name,
    call: async (operation, input) => {
      const Command = sdk[`${operation}Command` as "EncryptCommand"];
      try {
        return { ...(await kms.send(new Command(input as sdk.EncryptCommandInput))) };
      } catch (error) {
        if (error instanceof sdk.KMSServiceException) throw new OperationError(error.name, error.message);
        throw error;
      }
    },
    close: async () => kms.destroy(),
  };
}
