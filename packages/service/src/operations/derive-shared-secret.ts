import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { KmsError } from "../errors.ts";
import { privateKeyOf, refused } from "../key-pairs.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type KeyAgreementAlgorithmSpec, keyAgreementAlgorithm } from "../shapes/algorithms.ts";
import { grantTokens, keyId, publicKey, type RecipientInfo, recipient } from "../shapes/common.ts";
import type { OriginType } from "../shapes/key-types.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface DeriveSharedSecretRequest {
  KeyId: string | undefined;
  KeyAgreementAlgorithm: KeyAgreementAlgorithmSpec | undefined;
  PublicKey: Uint8Array | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
  Recipient?: RecipientInfo | undefined;
}

export interface DeriveSharedSecretResponse {
  KeyId?: string | undefined;
  SharedSecret?: Uint8Array | undefined;
  CiphertextForRecipient?: Uint8Array | undefined;
  KeyAgreementAlgorithm?: KeyAgreementAlgorithmSpec | undefined;
  KeyOrigin?: OriginType | undefined;
}

/** Derives what a KMS key and a peer's public key have in common: ECDH (NIST SP 800-56A §5.7.1.2), no KDF after it. */
export const deriveSharedSecret: Operation<DeriveSharedSecretRequest, DeriveSharedSecretResponse> =
  keyOperation("DeriveSharedSecret", {
    input: {
      KeyId: required(keyId),
      KeyAgreementAlgorithm: required(keyAgreementAlgorithm),
      PublicKey: required(publicKey),
      GrantTokens: optional(grantTokens),
      DryRun: optional(boolean),
      Recipient: optional(recipient),
    },
    allowedIn: USABLE,
    cryptographic: true,
    usage: "KEY_AGREEMENT",
    run: async (call, input, { value: key }) => {
      assertAlgorithm(key, input.KeyAgreementAlgorithm);
      const privateKey = await privateKeyOf(call.runtime, key);
      const sharedSecret = await refused(privateKey.deriveSharedSecret(input.PublicKey), {
        InvalidPublicKey: () => invalidPublicKey(key.keySpec),
      });
      if (input.DryRun === true) sharedSecret.fill(0);
      assertNotDryRun(input.DryRun);
      return {
        KeyId: keyArn(key, key.keyId),
        ...(call.recipient === undefined
          ? { SharedSecret: sharedSecret }
          : await call.recipient.seal(sharedSecret)),
        KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
        KeyOrigin: key.origin,
      };
    },
  });

function invalidPublicKey(keySpec: string): KmsError {
  return new KmsError("ValidationException", `The public key is not valid for key spec ${keySpec}.`);
}
