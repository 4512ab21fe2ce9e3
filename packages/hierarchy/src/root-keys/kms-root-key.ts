/** A root key that is a KMS key itself: of AWS KMS, so that everything here hangs from a real HSM, or of another KMSLite. */
import { bytesToHex, sha256 } from "@kmslite/crypto";
import { HierarchyError } from "../errors.ts";
import type { RootKey } from "./root-key.ts";

/** As much of a KMS client as a root key needs: `new KMS({ … })` of `@aws-sdk/client-kms` is one. */
export interface KmsClientForRootKey {
  describeKey(input: {
    KeyId: string;
  }): Promise<{ readonly KeyMetadata?: { readonly Arn?: string | undefined } | undefined }>;
  encrypt(input: {
    KeyId: string;
    Plaintext: Uint8Array;
    EncryptionContext: Record<string, string>;
  }): Promise<{ readonly CiphertextBlob?: Uint8Array | undefined }>;
  decrypt(input: {
    KeyId: string;
    CiphertextBlob: Uint8Array;
    EncryptionContext: Record<string, string>;
  }): Promise<{ readonly Plaintext?: Uint8Array | undefined }>;
}

/** Errors of Decrypt that say that the ciphertext, its context or its key is another one. */
const OTHER_KEY: ReadonlySet<string> = new Set(["InvalidCiphertextException", "IncorrectKeyException"]);

/**
 * A root key under a symmetric KMS key. The caller's role needs `kms:DescribeKey`, `kms:Encrypt` and `kms:Decrypt` for it.
 *
 * It is asked once for each domain key that is made or opened, which is at the start and every 30 days, and not for
 * messages. What a wrapped key is bound to stands in the encryption context as a hash, so that it shows in the audit log.
 *
 * @param keyId key id, ARN or alias. It is resolved now: where the alias points later makes no difference
 * @throws whatever DescribeKey throws
 */
export async function kmsRootKey(client: KmsClientForRootKey, keyId: string): Promise<RootKey> {
  const { KeyMetadata } = await client.describeKey({ KeyId: keyId });
  const KeyId = KeyMetadata?.Arn;
  if (KeyId === undefined) throw new TypeError(`Root key: DescribeKey gave no ARN for ${keyId}`);
  return {
    id: `kms:${KeyId}`,
    wrap: async (plaintext, aad) => {
      const EncryptionContext = contextOf(aad);
      const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext: plaintext, EncryptionContext });
      if (CiphertextBlob === undefined) throw new TypeError("Root key: Encrypt gave no ciphertext");
      return CiphertextBlob;
    },
    unwrap: async (wrapped, aad) => {
      const EncryptionContext = contextOf(aad);
      const { Plaintext } = await client
        .decrypt({ KeyId, CiphertextBlob: wrapped, EncryptionContext })
        .catch((error: unknown) => {
          if (error instanceof Error && OTHER_KEY.has(error.name))
            throw new HierarchyError("WrongRootKey", "The KMS key does not open this wrapped key");
          throw error;
        });
      if (Plaintext === undefined) throw new TypeError("Root key: Decrypt gave no plaintext");
      return Plaintext;
    },
  };
}

function contextOf(aad: Uint8Array): Record<string, string> {
  return { "kmslite:bound-to": bytesToHex(sha256(aad)) };
}
