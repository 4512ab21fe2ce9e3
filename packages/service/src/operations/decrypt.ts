import { keyArn } from "../arn.ts";
import {
  assertNoRecipient,
  assertNotDryRun,
  assertSymmetric,
  decryptBlob,
  ignoresCiphertext,
  keyOfDryRun,
  requiredCiphertext,
} from "../encryption.ts";
import { type Operation, operation } from "../operation.ts";
import {
  ciphertext,
  type DryRunModifierType,
  dryRunModifiers,
  type EncryptionAlgorithmSpec,
  encryptionAlgorithm,
  encryptionContext,
  grantTokens,
  keyId,
  type RecipientInfo,
  recipient,
} from "../shapes/common.ts";
import { boolean, optional } from "../shapes/shape.ts";

export interface DecryptRequest {
  CiphertextBlob?: Uint8Array | undefined;
  EncryptionContext?: Record<string, string> | undefined;
  GrantTokens?: string[] | undefined;
  KeyId?: string | undefined;
  EncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  Recipient?: RecipientInfo | undefined;
  DryRun?: boolean | undefined;
  DryRunModifiers?: DryRunModifierType[] | undefined;
}

export interface DecryptResponse {
  KeyId?: string | undefined;
  Plaintext?: Uint8Array | undefined;
  EncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  KeyMaterialId?: string | undefined;
}

/** Decrypts a blob under the key that the blob names. */
export const decrypt: Operation<DecryptRequest, DecryptResponse> = operation("Decrypt", {
  input: {
    CiphertextBlob: optional(ciphertext),
    EncryptionContext: optional(encryptionContext),
    GrantTokens: optional(grantTokens),
    KeyId: optional(keyId),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    Recipient: optional(recipient),
    DryRun: optional(boolean),
    DryRunModifiers: optional(dryRunModifiers),
  },
  run: async (call, input) => {
    assertNoRecipient(input.Recipient);
    if (ignoresCiphertext(input)) {
      assertSymmetric(await keyOfDryRun(call, input.KeyId, "Decrypt"), input.EncryptionAlgorithm);
      assertNotDryRun(input.DryRun);
    }
    const { plaintext, key, keyMaterialId } = await decryptBlob(
      call,
      requiredCiphertext(input.CiphertextBlob),
      input.EncryptionContext,
      input.KeyId,
      "Decrypt",
    );
    assertSymmetric(key, input.EncryptionAlgorithm);
    assertNotDryRun(input.DryRun);
    return {
      KeyId: keyArn(key, key.keyId),
      Plaintext: plaintext,
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      KeyMaterialId: keyMaterialId,
    };
  },
});
