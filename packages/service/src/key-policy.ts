/**
 * The checks of a key policy that somebody gives. They are loaded when one is: a key that gets the default one needs none.
 */
import { keyArn, type Place } from "./arn.ts";
import type { Call } from "./call.ts";

const COMING_KEY = "00000000-0000-4000-8000-000000000000";

/**
 * @param bypass whether the caller may lock itself out
 * @param key    for which the policy is; a key that is still to come has no id that a policy could name
 * @throws {KmsError} MalformedPolicyDocumentException or LimitExceededException
 */
export async function assertKeyPolicy(
  call: Call,
  policy: string,
  bypass: boolean | undefined,
  key: Place & { readonly keyId: string } = { ...call.caller, keyId: COMING_KEY },
): Promise<void> {
  const { parsePolicyDocument } = await import("./policies/policy-document.ts");
  const document = parsePolicyDocument(policy);
  const { assertPrincipalsExist } = await import("./policies/unknown-principals.ts");
  await assertPrincipalsExist(call.runtime, document);
  if (bypass === true) return;
  const { assertNotLockedOut } = await import("./policies/lockout.ts");
  assertNotLockedOut(document, call.caller, keyArn(key, key.keyId));
}
