import { verifyMac as isMacOf } from "@kmslite/crypto/hmac";
import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { KmsError } from "../errors.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { type MacRequest, macKeyOf, macMembers } from "../mac-keys.ts";
import { keyOperation, type Operation } from "../operation.ts";
import type { MacAlgorithmSpec } from "../shapes/algorithms.ts";
import { ciphertext } from "../shapes/common.ts";
import { required } from "../shapes/shape.ts";

export interface VerifyMacRequest extends MacRequest {
  Mac: Uint8Array | undefined;
}

export interface VerifyMacResponse {
  KeyId?: string | undefined;
  MacValid?: boolean | undefined;
  MacAlgorithm?: MacAlgorithmSpec | undefined;
}

/** Verifies a message authentication code, in constant time. One that is not valid is an error. */
export const verifyMac: Operation<VerifyMacRequest, VerifyMacResponse> = keyOperation("VerifyMac", {
  input: { ...macMembers, Mac: required(ciphertext) },
  allowedIn: USABLE,
  cryptographic: true,
  usage: "GENERATE_VERIFY_MAC",
  run: async (call, input, { value: key }) => {
    assertAlgorithm(key, input.MacAlgorithm);
    const macKey = await macKeyOf(call.runtime, key);
    if (!isMacOf(input.MacAlgorithm, macKey, input.Message, input.Mac)) {
      throw new KmsError("KMSInvalidMacException", "");
    }
    assertNotDryRun(input.DryRun);
    return { KeyId: keyArn(key, key.keyId), MacValid: true, MacAlgorithm: input.MacAlgorithm };
  },
});
