/** GetCallerIdentity: who signed this. Needs no permission. */
import type { StsAction } from "./exchange.ts";

export const getCallerIdentity: StsAction = async ({ caller }) => ({
  Arn: caller.principal,
  // The unique id of a root user is its account's; a principal of the configuration's own has no other name than its ARN's.
  UserId:
    caller.identity?.principalId ?? (isRoot(caller.principal) ? caller.accountId : nameOf(caller.principal)),
  Account: caller.accountId,
});

function isRoot(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::[0-9]{12}:root$/.test(arn);
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
