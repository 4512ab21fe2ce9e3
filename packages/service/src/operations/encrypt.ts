import { whenThere } from "../at-once.ts";
import { encryptWith } from "../encryption.ts";
import { namesOf } from "../key-names.ts";
import { USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type EncryptionAlgorithmSpec, encryptionAlgorithm } from "../shapes/algorithms.ts";
import { encryptionContext, grantTokens, keyId, plaintext } from "../shapes/common.ts";
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

/** Encrypts up to 4,096 bytes under a KMS key: fewer, by the algorithm, with a key pair. */
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
  usage: "ENCRYPT_DECRYPT",
  run: (call, input, { value: key }) => {
    const algorithm = input.EncryptionAlgorithm ?? "SYMMETRIC_DEFAULT";
    const { Plaintext: plaintext, EncryptionContext: context, DryRun: dryRun } = input;
    const encrypted = encryptWith(call, key, { plaintext, context, algorithm, dryRun });
    return whenThere(encrypted, (blob) => ({
      CiphertextBlob: blob,
      KeyId: namesOf(key).arn,
      EncryptionAlgorithm: algorithm,
    }));
  },
});
