/** What the two operations that make data keys share. */
import { KmsError } from "./errors.ts";
import {
  type DataKeySpec,
  dataKeySpec,
  encryptionContext,
  grantTokens,
  keyId,
  numberOfBytes,
} from "./shapes/common.ts";
import { boolean, type MembersOf, optional, required } from "./shapes/shape.ts";

export interface DataKeyRequest {
  KeyId: string | undefined;
  EncryptionContext?: Record<string, string> | undefined;
  NumberOfBytes?: number | undefined;
  KeySpec?: DataKeySpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
}

export const dataKeyMembers: MembersOf<DataKeyRequest> = {
  KeyId: required(keyId),
  EncryptionContext: optional(encryptionContext),
  NumberOfBytes: optional(numberOfBytes),
  KeySpec: optional(dataKeySpec),
  GrantTokens: optional(grantTokens),
  DryRun: optional(boolean),
};

/**
 * Length of the data key in bytes.
 *
 * @throws {KmsError} ValidationException unless exactly one of KeySpec and NumberOfBytes is given
 */
export function dataKeyLength(request: Pick<DataKeyRequest, "KeySpec" | "NumberOfBytes">): number {
  if ((request.KeySpec === undefined) === (request.NumberOfBytes === undefined)) {
    throw new KmsError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  if (request.NumberOfBytes !== undefined) return request.NumberOfBytes;
  return request.KeySpec === "AES_128" ? 16 : 32;
}
