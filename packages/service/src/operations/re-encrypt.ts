import { keyArn } from "../arn.ts";
import {
  assertNotDryRun,
  assertSymmetric,
  decryptBlob,
  encryptUnder,
  ignoresCiphertext,
  keyOfDryRun,
  requiredCiphertext,
} from "../encryption.ts";
import { assertState, USABLE } from "../key-state.ts";
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
export const reEncrypt: Operation<ReEncryptRequest, ReEncryptResponse> = operation("ReEncrypt", {
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
    assertSymmetric(destination, input.DestinationEncryptionAlgorithm);
    if (ignoresCiphertext(input)) {
      assertSymmetric(
        await keyOfDryRun(call, input.SourceKeyId, "ReEncryptFrom"),
        input.SourceEncryptionAlgorithm,
      );
      assertNotDryRun(input.DryRun);
    }
    const blob = requiredCiphertext(input.CiphertextBlob);
    const source = await decryptBlob(
      call,
      blob,
      input.SourceEncryptionContext,
      input.SourceKeyId,
      "ReEncryptFrom",
    );
    try {
      assertSymmetric(source.key, input.SourceEncryptionAlgorithm);
      assertNotDryRun(input.DryRun);
      const context = input.DestinationEncryptionContext;
      return {
        CiphertextBlob: await encryptUnder(call, destination, "Encrypt", context, source.plaintext),
        SourceKeyId: keyArn(source.key, source.key.keyId),
        KeyId: keyArn(destination, destination.keyId),
        SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        SourceKeyMaterialId: source.keyMaterialId,
        DestinationKeyMaterialId: destination.keyMaterialId,
      };
    } finally {
      source.plaintext.fill(0);
    }
  },
});
