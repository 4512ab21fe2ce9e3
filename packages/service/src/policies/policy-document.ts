/** What a key policy must be before it is kept (AWS KMS Developer Guide, "Key policies"). */
import { type PolicyDocument, PolicyError, parsePolicy } from "@kmslite/policy";
import { KmsError } from "../errors.ts";

/** AWS KMS keeps key policies of up to 32 KiB. */
export const MAXIMUM_POLICY_BYTES = 32_768;

/**
 * Reads and checks a key policy.
 *
 * @param text 32,768 bytes at most
 * @throws {KmsError} MalformedPolicyDocumentException, which says where; LimitExceededException
 */
export function parsePolicyDocument(text: string): PolicyDocument {
  if (new TextEncoder().encode(text).length > MAXIMUM_POLICY_BYTES) {
    throw new KmsError(
      "LimitExceededException",
      `A key policy can be at most ${MAXIMUM_POLICY_BYTES} bytes long`,
    );
  }
  try {
    return parsePolicy(text, "resource");
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const message = error.worded ? error.message : `Syntax error in policy: ${error.message}`;
    throw new KmsError("MalformedPolicyDocumentException", message);
  }
}
