import { generateMac as macOf } from "@kmslite/crypto/hmac";
import { keyArn } from "../arn.ts";
import { assertNotDryRun } from "../dry-run.ts";
import { assertAlgorithm, USABLE } from "../key-state.ts";
import { type MacRequest, macKeyOf, macMembers } from "../mac-keys.ts";
import { keyOperation, type Operation } from "../operation.ts";
import type { MacAlgorithmSpec } from "../shapes/algorithms.ts";

export type GenerateMacRequest = MacRequest;

export interface GenerateMacResponse {
  Mac?: Uint8Array | undefined;
  MacAlgorithm?: MacAlgorithmSpec | undefined;
  KeyId?: string | undefined;
}

/** Authenticates a message of up to 4,096 bytes with an HMAC key (FIPS 198-1). */
export const generateMac: Operation<GenerateMacRequest, GenerateMacResponse> = keyOperation("GenerateMac", {
  input: macMembers,
  allowedIn: USABLE,
  cryptographic: true,
  usage: "GENERATE_VERIFY_MAC",
  run: async (call, input, { value: key }) => {
    assertAlgorithm(key, input.MacAlgorithm);
    assertNotDryRun(input.DryRun);
    return {
      Mac: macOf(input.MacAlgorithm, await macKeyOf(call.runtime, key), input.Message),
      MacAlgorithm: input.MacAlgorithm,
      KeyId: keyArn(key, key.keyId),
    };
  },
});
