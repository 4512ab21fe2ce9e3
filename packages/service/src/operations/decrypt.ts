import { whenThere } from "../at-once.ts";
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
  run: (call, input) => {
    const { KeyId: keyId, EncryptionAlgorithm: expected, EncryptionContext: context } = input;
    const checked = ignoresCiphertext(input)
      ? assertKeyOfDryRun(call, keyId, expected, "Decrypt").then(() => assertNotDryRun(input.DryRun))
      : undefined;
    return whenThere(checked, () => {
      const blob = requiredCiphertext(input.CiphertextBlob);
      const decrypted = decryptBlob(call, { blob, context, keyId, algorithm: expected }, "Decrypt");
      return whenThere(decrypted, ({ plaintext, key, algorithm, keyMaterialId }) => {
        if (input.DryRun === true) plaintext.fill(0);
        assertNotDryRun(input.DryRun);
        const answer: DecryptResponse = { KeyId: namesOf(key).arn, EncryptionAlgorithm: algorithm };
        if (keyMaterialId !== undefined) answer.KeyMaterialId = keyMaterialId;
        if (call.recipient !== undefined)
          return call.recipient.seal(plaintext).then((sealed) => ({ ...answer, ...sealed }));
        answer.Plaintext = plaintext;
        return answer;
      });
    });
  },
});
