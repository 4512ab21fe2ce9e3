import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { privateKeyOf } from "../key-pairs.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import type { SigningAlgorithmSpec } from "../shapes/algorithms.ts";
import { assertMessage, type SignatureRequest, signatureMembers } from "../signatures.ts";

export type SignRequest = SignatureRequest;

export interface SignResponse {
  KeyId?: string | undefined;
  /** RFC 8017 of RSA, DER of Ecdsa-Sig-Value of ECDSA and SM2, the standards' own bytes of EdDSA and ML-DSA. */
  Signature?: Uint8Array | undefined;
  SigningAlgorithm?: SigningAlgorithmSpec | undefined;
}

/** Signs a message of up to 4,096 bytes, or its digest, with the private key of a KMS key. */
export const sign: Operation<SignRequest, SignResponse> = keyOperation("Sign", {
  input: signatureMembers,
  allowedIn: USABLE,
  cryptographic: true,
  usage: "SIGN_VERIFY",
  run: async (call, input, { value: key }) => {
    const { Message: message, MessageType: messageType = "RAW", SigningAlgorithm: algorithm } = input;
    assertAlgorithm(key, algorithm);
    assertMessage(key, algorithm, message, messageType);
    assertNotDryRun(input.DryRun);
    const privateKey = await privateKeyOf(call.runtime, key);
    const { random } = call.runtime.database.cryptography;
    return {
      KeyId: keyArn(key, key.keyId),
      Signature: await privateKey.sign(algorithm, message, messageType, random),
      SigningAlgorithm: algorithm,
    };
  },
});
