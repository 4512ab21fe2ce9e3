/** What ListGrants and ListRetirableGrants share. */
import type { Call } from "../call.ts";
import { KmsError } from "../errors.ts";
import type { PageRequest } from "../pagination.ts";
import { accountOfPrincipal } from "./grant-principals.ts";

/** Grants per page when the caller names no Limit, and at most: fewer than in other lists. */
export const GRANT_LIMIT = 50;
const MAXIMUM_LIMIT = 100;

/** @throws {KmsError} ValidationException if the limit is more than the lists of grants take */
export function grantPage<Request extends PageRequest>(request: Request): Request {
  if (request.Limit === undefined || request.Limit <= MAXIMUM_LIMIT) return request;
  throw new KmsError(
    "ValidationException",
    `1 validation error detected: Value '${request.Limit}' at 'limit' failed to satisfy constraint: Member must have ` +
      `value less than or equal to ${MAXIMUM_LIMIT}`,
  );
}

/** @throws {KmsError} AccessDeniedException unless a service calls: only it may look for grants of services */
export function assertServiceCaller(call: Call, member: string): void {
  if (call.caller.service !== undefined) return;
  throw new KmsError("AccessDeniedException", `${member} can be used only by AWS services.`);
}

/** @throws {KmsError} AccessDeniedException if the principal is of another account */
export function assertOwnAccount(call: Call, principal: string): void {
  const account = accountOfPrincipal(principal);
  if (account === undefined || account === call.caller.accountId) return;
  throw new KmsError(
    "AccessDeniedException",
    `User: ${call.caller.principal} is not authorized to perform: kms:ListRetirableGrants on resource: ${principal}`,
  );
}
