import { keyArn } from "../arn.ts";
import { type DataKeyRequest, dataKeyLength, dataKeyMembers } from "../data-keys.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { encryptUnder } from "../encryption.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type RecipientInfo, recipient } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface GenerateDataKeyRequest extends DataKeyRequest {
  Recipient?: RecipientInfo | undefined;
}

export interface GenerateDataKeyResponse {
  CiphertextBlob?: Uint8Array | undefined;
  Plaintext?: Uint8Array | undefined;
  CiphertextForRecipient?: Uint8Array | undefined;
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
}

/** Makes a data key: in plaintext to use, and encrypted to keep. */
export const generateDataKey: Operation<GenerateDataKeyRequest, GenerateDataKeyResponse> = keyOperation(
  "GenerateDataKey",
  {
    input: { ...dataKeyMembers, Recipient: optional(recipient) },
    allowedIn: USABLE,
    cryptographic: true,
    usage: "ENCRYPT_DECRYPT",
    run: async (call, input, { value: key }) => {
      assertAlgorithm(key, "SYMMETRIC_DEFAULT");
      const length = dataKeyLength(input);
      assertNotDryRun(input.DryRun);
      const plaintext = call.runtime.database.cryptography.random(length);
      return {
        CiphertextBlob: await encryptUnder(call, key, "DataKey", input.EncryptionContext, plaintext),
        ...(call.recipient === undefined ? { Plaintext: plaintext } : await call.recipient.seal(plaintext)),
        KeyId: keyArn(key, key.keyId),
        KeyMaterialId: key.keyMaterialId,
      };
    },
  },
);
