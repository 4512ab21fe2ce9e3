import { type KeyMetadata, keyMetadata } from "../key-metadata.ts";
import { ANY_STATE } from "../key-state.ts";
import { keyOperation, type Operation } from "../operation.ts";
import { grantTokens, keyId } from "../shapes/common.ts";
import { optional, required } from "../shapes/shape.ts";

export interface DescribeKeyRequest {
  KeyId: string | undefined;
  GrantTokens?: string[] | undefined;
}

export interface DescribeKeyResponse {
  KeyMetadata?: KeyMetadata | undefined;
}

/** Tells what a KMS key is. */
export const describeKey: Operation<DescribeKeyRequest, DescribeKeyResponse> = keyOperation("DescribeKey", {
  input: { KeyId: required(keyId), GrantTokens: optional(grantTokens) },
  allowedIn: ANY_STATE,
  alias: true,
  run: async (_call, _input, key) => {
    return { KeyMetadata: keyMetadata(key.value) };
  },
});
