/** What a key policy must be before it is kept. */
import { KmsError } from "./errors.ts";

/** AWS KMS keeps key policies of up to 32 KiB. */
const MAXIMUM_BYTES = 32_768;

/** @throws {KmsError} MalformedPolicyDocumentException or LimitExceededException */
export function assertPolicyDocument(text: string): void {
  if (new TextEncoder().encode(text).length > MAXIMUM_BYTES) {
    throw new KmsError("LimitExceededException", `A key policy can be at most ${MAXIMUM_BYTES} bytes long`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new KmsError("MalformedPolicyDocumentException", "The key policy is not valid JSON");
  }
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, "Statement")) {
    throw new KmsError("MalformedPolicyDocumentException", "The key policy has no Statement");
  }
}
