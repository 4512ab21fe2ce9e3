/** A root key that is a KMS key, reached through the AWS SDK: of AWS KMS, or of another KMSLite. */
import { HierarchyError, kmsRootKey, type RootKey } from "@kmslite/hierarchy";
import { loadDriver } from "./driver.ts";
import { SetupError } from "./setup-error.ts";

/**
 * Looks the key up and makes a root key of it. Credentials and endpoint are the SDK's own settings; the Region is that of the ARN,
 * or else the SDK's.
 *
 * @param keyId ARN, key id or alias of a symmetric encryption key
 * @throws {SetupError} `DriverMissing`; `Inaccessible` when the KMS can't be reached or refuses, now or at any later use
 */
export async function awsRootKey(keyId: string): Promise<RootKey> {
  const { KMS } = await loadDriver("@aws-sdk/client-kms", () => import("@aws-sdk/client-kms"));
  const region = /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(keyId)?.[1];
  const client = new KMS(region === undefined ? {} : { region });
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof HierarchyError) throw error;
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new SetupError("Inaccessible", `the root key kms:${keyId} can't be used: ${reason}`, {
        cause: error,
      });
    }
  };
  try {
    const root = await told(kmsRootKey(client, keyId));
    return {
      id: root.id,
      wrap: (plaintext, aad) => told(root.wrap(plaintext, aad)),
      unwrap: (wrapped, aad) => told(root.unwrap(wrapped, aad)),
      close: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw error;
  }
}
