import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { KmsError } from "../errors.ts";
import { publicKeyOf } from "../key-pairs.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import type { SigningAlgorithmSpec } from "../shapes/algorithms.ts";
import { ciphertext } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";
import { assertMessage, type SignatureRequest, signatureMembers } from "../signatures.ts";

export interface VerifyRequest extends SignatureRequest {
  Signature: Uint8Array | undefined;
}

export interface VerifyResponse {
  KeyId?: string | undefined;
  SignatureValid?: boolean | undefined;
  SigningAlgorithm?: SigningAlgorithmSpec | undefined;
}

/** Verifies a signature with the public key of a KMS key. One that is not valid is an error. */
export const verify: Operation<VerifyRequest, VerifyResponse> = keyOperation("Verify", {
  input: { ...signatureMembers, Signature: required(ciphertext) },
  allowedIn: USABLE,
  cryptographic: true,
  usage: "SIGN_VERIFY",
  run: async (call, input, { value: key }) => {
    const { Message: message, MessageType: messageType = "RAW", SigningAlgorithm: algorithm } = input;
    assertAlgorithm(key, algorithm);
    assertMessage(key, algorithm, message, messageType);
    const { publicKey } = await publicKeyOf(call.runtime, key);
    const valid = await publicKey.verify(algorithm, message, messageType, input.Signature);
    if (!valid) throw new KmsError("KMSInvalidSignatureException", "");
    assertNotDryRun(input.DryRun);
    return { KeyId: keyArn(key, key.keyId), SignatureValid: true, SigningAlgorithm: algorithm };
  },
});
