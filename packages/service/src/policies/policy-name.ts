/** The name of a key policy: a key has one, and it is always called the same. */
import { KmsError } from "../errors.ts";
import { type Shape, text } from "../shapes/shape.ts";

export const POLICY_NAME = "default";

export const policyName: Shape<string> = text({ minimum: 1, maximum: 128, pattern: "[\\w]+" });

/** @throws {KmsError} NotFoundException for any other name */
export function assertPolicyName(name: string | undefined): void {
  if (name !== undefined && name !== POLICY_NAME) {
    throw new KmsError("NotFoundException", "No such policy exists");
  }
}
