import type { Call } from "../call.ts";
import { KmsError } from "../errors.ts";
import { type Operation, operation } from "../operation.ts";
import { customKeyStoreId, numberOfBytes, type RecipientInfo, recipient } from "../shapes/common.ts";
import { optional } from "../shapes/shape.ts";

export interface GenerateRandomRequest {
  NumberOfBytes?: number | undefined;
  CustomKeyStoreId?: string | undefined;
  Recipient?: RecipientInfo | undefined;
}

export interface GenerateRandomResponse {
  Plaintext?: Uint8Array | undefined;
  CiphertextForRecipient?: Uint8Array | undefined;
}

/** Random bytes from the platform's generator. */
export const generateRandom: Operation<GenerateRandomRequest, GenerateRandomResponse> = operation(
  "GenerateRandom",
  {
    input: {
      NumberOfBytes: optional(numberOfBytes),
      CustomKeyStoreId: optional(customKeyStoreId),
      Recipient: optional(recipient),
    },
    run: async (call, input) => {
      if (input.NumberOfBytes === undefined) {
        throw new KmsError("ValidationException", "NumberOfBytes is required.");
      }
      if (input.CustomKeyStoreId !== undefined) {
        const { randomOfKeyStore } = await import("../key-stores/random.ts");
        return answer(call, await randomOfKeyStore(call, input.CustomKeyStoreId, input.NumberOfBytes));
      }
      return answer(call, call.runtime.database.cryptography.random(input.NumberOfBytes));
    },
  },
);

async function answer({ recipient }: Call, plaintext: Uint8Array): Promise<GenerateRandomResponse> {
  return recipient === undefined ? { Plaintext: plaintext } : await recipient.seal(plaintext);
}
