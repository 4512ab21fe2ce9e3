import { keyArn } from "../arn.ts";
import { assertNotDryRun, assertSymmetric, encryptUnder } from "../encryption.ts";
import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import {
  type EncryptionAlgorithmSpec,
  encryptionAlgorithm,
  encryptionContext,
  grantTokens,
  keyId,
  plaintext,
} from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface EncryptRequest {
  KeyId: string | undefined;
  Plaintext: Uint8Array | undefined;
  EncryptionContext?: Record<string, string> | undefined;
  GrantTokens?: string[] | undefined;
  EncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
  DryRun?: boolean | undefined;
}

export interface EncryptResponse {
  CiphertextBlob?: Uint8Array | undefined;
  KeyId?: string | undefined;
  EncryptionAlgorithm?: EncryptionAlgorithmSpec | undefined;
}

/** Encrypts up to 4,096 bytes under a KMS key. */
export const encrypt: Operation<EncryptRequest, EncryptResponse> = keyOperation("Encrypt", {
  input: {
    KeyId: required(keyId),
    Plaintext: required(plaintext),
    EncryptionContext: optional(encryptionContext),
    GrantTokens: optional(grantTokens),
    EncryptionAlgorithm: optional(encryptionAlgorithm),
    DryRun: optional(boolean),
  },
  allowedIn: USABLE,
  cryptographic: true,
  run: async (call, input, { value: key }) => {
    assertSymmetric(key, input.EncryptionAlgorithm);
    assertNotDryRun(input.DryRun);
    return {
      CiphertextBlob: await encryptUnder(call, key, "Encrypt", input.EncryptionContext, input.Plaintext),
      KeyId: keyArn(key, key.keyId),
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    };
  },
});
