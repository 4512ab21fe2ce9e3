import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { invalidCiphertext } from "../errors.ts";
import { privateKeyOf, refused } from "../key-pairs.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type EncapsulationAlgorithmSpec, encapsulationAlgorithm } from "../shapes/algorithms.ts";
import { ciphertext, grantTokens, keyId } from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface DecapsulateRequest {
  KeyId: string | undefined;
  SharedSecretCiphertextBlob: Uint8Array | undefined;
  EncapsulationAlgorithm: EncapsulationAlgorithmSpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
}

export interface DecapsulateResponse {
  KeyId?: string | undefined;
  /** 32 bytes. */
  SharedSecret?: Uint8Array | undefined;
  EncapsulationAlgorithm?: EncapsulationAlgorithmSpec | undefined;
}

/**
 * Gives back the shared secret of a ciphertext: ML-KEM.Decaps (FIPS 203 §7.3). A ciphertext of the right length that is
 * another key's, or was edited, gives another secret and no error.
 */
export const decapsulate: Operation<DecapsulateRequest, DecapsulateResponse> = keyOperation("Decapsulate", {
  input: {
    KeyId: required(keyId),
    SharedSecretCiphertextBlob: required(ciphertext),
    EncapsulationAlgorithm: required(encapsulationAlgorithm),
    GrantTokens: optional(grantTokens),
    DryRun: optional(boolean),
  },
  allowedIn: USABLE,
  cryptographic: true,
  usage: "ENCAPSULATE_DECAPSULATE",
  run: async (call, input, { value: key }) => {
    assertAlgorithm(key, input.EncapsulationAlgorithm);
    const privateKey = await privateKeyOf(call.runtime, key);
    const sharedSecret = await refused(privateKey.decapsulate(input.SharedSecretCiphertextBlob), {
      InvalidCiphertext: invalidCiphertext,
    });
    if (input.DryRun === true) sharedSecret.fill(0);
    assertNotDryRun(input.DryRun);
    return {
      KeyId: keyArn(key, key.keyId),
      SharedSecret: sharedSecret,
      EncapsulationAlgorithm: input.EncapsulationAlgorithm,
    };
  },
});
