import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { publicKeyOf } from "../key-pairs.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { type EncapsulationAlgorithmSpec, encapsulationAlgorithm } from "../shapes/algorithms.ts";
import { grantTokens, keyId } from "../shapes/common.ts";
import { boolean, optional, required } from "../shapes/shape.ts";

export interface EncapsulateRequest {
  KeyId: string | undefined;
  EncapsulationAlgorithm: EncapsulationAlgorithmSpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
}

export interface EncapsulateResponse {
  KeyId?: string | undefined;
  /** 32 bytes. */
  SharedSecret?: Uint8Array | undefined;
  /** 768, 1,088 or 1,568 bytes, by the key spec. */
  SharedSecretCiphertextBlob?: Uint8Array | undefined;
  EncapsulationAlgorithm?: EncapsulationAlgorithmSpec | undefined;
}

/** Makes a shared secret, and its ciphertext for the holder of the private key: ML-KEM.Encaps (FIPS 203 §7.2). */
export const encapsulate: Operation<EncapsulateRequest, EncapsulateResponse> = keyOperation("Encapsulate", {
  input: {
    KeyId: required(keyId),
    EncapsulationAlgorithm: required(encapsulationAlgorithm),
    GrantTokens: optional(grantTokens),
    DryRun: optional(boolean),
  },
  allowedIn: USABLE,
  cryptographic: true,
  usage: "ENCAPSULATE_DECAPSULATE",
  run: async (call, input, { value: key }) => {
    assertAlgorithm(key, input.EncapsulationAlgorithm);
    assertNotDryRun(input.DryRun);
    const { publicKey } = await publicKeyOf(call.runtime, key);
    const { random } = call.runtime.database.cryptography;
    const { sharedSecret, ciphertext } = await publicKey.encapsulate(random);
    return {
      KeyId: keyArn(key, key.keyId),
      SharedSecret: sharedSecret,
      SharedSecretCiphertextBlob: ciphertext,
      EncapsulationAlgorithm: input.EncapsulationAlgorithm,
    };
  },
});
