import { keyArn } from "../arn.ts";
import { type DataKeyRequest, dataKeyLength, dataKeyMembers } from "../data-keys.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { encryptUnder } from "../encryption.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";

export type GenerateDataKeyWithoutPlaintextRequest = DataKeyRequest;

export interface GenerateDataKeyWithoutPlaintextResponse {
  CiphertextBlob?: Uint8Array | undefined;
  KeyId?: string | undefined;
  KeyMaterialId?: string | undefined;
}

/** Makes a data key for later: encrypted only. */
export const generateDataKeyWithoutPlaintext: Operation<
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse
> = keyOperation("GenerateDataKeyWithoutPlaintext", {
  input: dataKeyMembers,
  allowedIn: USABLE,
  cryptographic: true,
  usage: "ENCRYPT_DECRYPT",
  run: async (call, input, { value: key }) => {
    assertAlgorithm(key, "SYMMETRIC_DEFAULT");
    const length = dataKeyLength(input);
    assertNotDryRun(input.DryRun);
    const plaintext = call.runtime.database.cryptography.random(length);
    try {
      return {
        CiphertextBlob: await encryptUnder(call, key, "DataKey", input.EncryptionContext, plaintext),
        KeyId: keyArn(key, key.keyId),
        KeyMaterialId: key.keyMaterialId,
      };
    } finally {
      plaintext.fill(0);
    }
  },
});
