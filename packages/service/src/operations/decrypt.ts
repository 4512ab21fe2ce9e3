import { assertNotDryRun, ignoresCiphertext } from "../dry-run.ts";
import { assertKeyOfDryRun, decryptBlob, requiredCiphertext } from "../encryption.ts";
import { namesOf } from "../key-names.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { type EncryptionAlgorithmSpec, encryptionAlgorithm } from "../shapes/algorithms.ts";
import {
  ciphertext,
  type DryRunModifierType,
  dryRunModifiers,
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
  CiphertextForRecipient?: Uint8Array | undefined;
  EncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  KeyMaterialId?: string | undefined;
}

/** Decrypts a blob under the key that the blob names, or a ciphertext of a key pair under the key that the caller names. */
export const decrypt: Operation<DecryptRequest, DecryptResponse> = operationOnKeys("Decrypt", {
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
    const { KeyId: keyId, EncryptionAlgorithm: expected } = input;
    if (ignoresCiphertext(input)) {
      await assertKeyOfDryRun(call, keyId, expected, "Decrypt");
      assertNotDryRun(input.DryRun);
    }
    const blob = requiredCiphertext(input.CiphertextBlob);
    const { plaintext, key, algorithm, keyMaterialId } = await decryptBlob(
      call,
      { blob, context: input.EncryptionContext, keyId, algorithm: expected },
      "Decrypt",
    );
    assertNotDryRun(input.DryRun);
    return {
      KeyId: namesOf(key).arn,
      ...(call.recipient === undefined ? { Plaintext: plaintext } : await call.recipient.seal(plaintext)),
      EncryptionAlgorithm: algorithm,
      ...(keyMaterialId === undefined ? {} : { KeyMaterialId: keyMaterialId }),
    };
  },
});
