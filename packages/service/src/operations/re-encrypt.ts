import { keyArn } from "../arn.ts";
import { assertNotDryRun, ignoresCiphertext } from "../dry-run.ts";
import { assertKeyOfDryRun, decryptBlob, encryptWith, requiredCiphertext } from "../encryption.ts";
import { assertAlgorithm, assertState, assertUsage, USABLE } from "../key-state.ts";
import { type Operation, operationOnKeys } from "../operation.ts";
import { type EncryptionAlgorithmSpec, encryptionAlgorithm } from "../shapes/algorithms.ts";
import {
  ciphertext,
  type DryRunModifierType,
  dryRunModifiers,
  encryptionContext,
  grantTokens,
  keyId,
} from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface ReEncryptRequest {
  CiphertextBlob?: Uint8Array | undefined;
  SourceEncryptionContext?: Record<string, string> | undefined;
  SourceKeyId?: string | undefined;
  DestinationKeyId: string | undefined;
  DestinationEncryptionContext?: Record<string, string> | undefined;
  SourceEncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  DestinationEncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
  DryRunModifiers?: DryRunModifierType[] | undefined;
}

export interface ReEncryptResponse {
  CiphertextBlob?: Uint8Array | undefined;
  SourceKeyId?: string | undefined;
  KeyId?: string | undefined;
  SourceEncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  DestinationEncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  SourceKeyMaterialId?: string | undefined;
  DestinationKeyMaterialId?: string | undefined;
}

/** Decrypts a blob and encrypts it under another key or context, without showing the plaintext. */
export const reEncrypt: Operation<ReEncryptRequest, ReEncryptResponse> = operationOnKeys("ReEncrypt", {
  input: {
    CiphertextBlob: optional(ciphertext),
    SourceEncryptionContext: optional(encryptionContext),
    SourceKeyId: optional(keyId),
    DestinationKeyId: required(keyId),
    DestinationEncryptionContext: optional(encryptionContext),
    SourceEncryptionAlgorithm: optional(encryptionAlgorithm),
    DestinationEncryptionAlgorithm: optional(encryptionAlgorithm),
    GrantTokens: optional(grantTokens),
    DryRun: optional(boolean),
    DryRunModifiers: optional(dryRunModifiers),
  },
  run: async (call, input) => {
    const { value: destination } = await call.resolveKey(input.DestinationKeyId, {
      alias: true,
      lately: true,
      action: "ReEncryptTo",
    });
    assertState(destination, USABLE);
    assertUsage(destination, "ENCRYPT_DECRYPT", "ReEncrypt");
    const algorithm = input.DestinationEncryptionAlgorithm ?? "SYMMETRIC_DEFAULT";
    assertAlgorithm(destination, algorithm);
    const { SourceKeyId: keyId, SourceEncryptionAlgorithm: sourceAlgorithm } = input;
    if (ignoresCiphertext(input)) {
      await assertKeyOfDryRun(call, keyId, sourceAlgorithm, "ReEncryptFrom");
      assertNotDryRun(input.DryRun);
    }
    const blob = requiredCiphertext(input.CiphertextBlob);
    const source = await decryptBlob(
      call,
      { blob, context: input.SourceEncryptionContext, keyId, algorithm: sourceAlgorithm },
      "ReEncryptFrom",
    );
    try {
      const { plaintext } = source;
      const context = input.DestinationEncryptionContext;
      return {
        CiphertextBlob: await encryptWith(call, destination, {
          plaintext,
          context,
          algorithm,
          dryRun: input.DryRun,
        }),
        SourceKeyId: keyArn(source.key, source.key.keyId),
        KeyId: keyArn(destination, destination.keyId),
        SourceEncryptionAlgorithm: source.algorithm,
        DestinationEncryptionAlgorithm: algorithm,
        ...(source.keyMaterialId === undefined ? {} : { SourceKeyMaterialId: source.keyMaterialId }),
        ...(destination.keySpec === "SYMMETRIC_DEFAULT"
          ? { DestinationKeyMaterialId: destination.keyMaterialId }
          : {}),
      };
    } finally {
      source.plaintext.fill(0);
    }
  },
});
