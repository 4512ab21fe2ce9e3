/** Who is meant by the principal of a question. */
import { type Place, partitionOf } from "../arn.ts";
import type { Caller } from "../caller.ts";
import { KmsError } from "../errors.ts";
import type { AccessQuestion } from "./access-question.ts";

const ACCOUNT = /^[0-9]{12}$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;
const ROLE = /^(arn:[a-z-]+):iam::([0-9]{12}):role\/(?:.+\/)?([^/]+)$/;
const OTHER =
  /^arn:[a-z-]+:(?:iam::([0-9]{12}):(?:root|user\/.+)|sts::([0-9]{12}):(?:assumed-role\/[^/]+\/[^/]+|federated-user\/.+))$/;

/**
 * The caller that a service would see.
 *
 * @param place where the request is made: the Region, and the account of a service
 * @throws {KmsError} ValidationException if it is nobody who could call
 */
export function callerOf({ as, viaService, source, identity }: AccessQuestion, place: Place): Caller {
  const rest = {
    region: place.region,
    ...(viaService === undefined ? {} : { service: viaService }),
    ...(source === undefined ? {} : { source }),
  };
  const known = identity === undefined ? {} : { identity };
  if (SERVICE.test(as)) return { accountId: place.accountId, service: as, ...rest, ...known, principal: as };
  if (ACCOUNT.test(as)) {
    const principal = `arn:${partitionOf(place.region)}:iam::${as}:root`;
    return { accountId: as, principal, ...rest, ...known };
  }
  const [, partition, accountOfRole, role] = ROLE.exec(as) ?? [];
  if (accountOfRole !== undefined) {
    // A role calls in a session, whose name no policy is likely to ask for.
    const principal = `${partition}:sts::${accountOfRole}:assumed-role/${role}/explain`;
    return { accountId: accountOfRole, principal, ...rest, identity: { ...identity, roleArn: as } };
  }
  const [, ofPrincipal, ofSession] = OTHER.exec(as) ?? [];
  const accountId = ofPrincipal ?? ofSession;
  if (accountId !== undefined) return { accountId, principal: as, ...rest, ...known };
  throw new KmsError(
    "ValidationException",
    `'${as}' is no ARN of a user, role, session or root user, no account id and no service`,
  );
}
