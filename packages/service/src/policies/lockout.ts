/** The lockout safety check: whoever gives a key a policy must be able to give it another one. */
import { callerOfArn, leavesAWay, type PolicyDocument } from "@kmslite/policy";
import type { Caller } from "../caller.ts";
import { KmsError } from "../errors.ts";

/** @throws {KmsError} MalformedPolicyDocumentException if the policy would not let the principal put another one */
export function assertNotLockedOut(
  policy: PolicyDocument,
  { principal, identity }: Caller,
  keyArn: string,
): void {
  // What is no ARN is nobody whom a policy could name.
  const caller = callerOfArn(principal, identity?.roleArn ?? roleNamed(policy, principal)) ?? {
    type: "Anonymous",
  };
  if (leavesAWay(policy, { caller, action: "kms:PutKeyPolicy", resource: keyArn })) return;
  throw new KmsError(
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
  );
}

/** The role of a session, with the path that the policy knows and the session's ARN does not. */
function roleNamed(policy: PolicyDocument, principal: string): string | undefined {
  const [, account, name] = /:sts::([0-9]{12}):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  if (name === undefined) return undefined;
  return policy.statements
    .flatMap(({ principal: element }) => element?.aws ?? [])
    .find((arn) => arn.includes(`:iam::${account}:role/`) && arn.endsWith(`/${name}`));
}
