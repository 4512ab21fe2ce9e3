/** Principals by whom an embedder calls: in the process nobody signs, so whoever holds the KMS says who calls. */
import type { Caller, Identity, RequestSource } from "@kmslite/service";

/**
 * A principal with the policies that come along, all as JSON texts. Without policies of its own it may do what the policies and
 * grants of keys allow to it by name. One whose policies can't be read may do nothing.
 */
export interface Principal extends Identity {
  /** As in {@link RegionalKms.as}. */
  readonly arn: string;
  /** The AWS service through which it calls, such as `s3.us-east-1.amazonaws.com`: `kms:ViaService`. */
  readonly service?: string;
  /** How the request came, for conditions such as `aws:SourceIp`. */
  readonly source?: RequestSource;
}

const ARN =
  /^arn:aws[a-z-]*:(?:iam::([0-9]{12}):(?:root|user\/.+)|sts::([0-9]{12}):(?:assumed-role\/.+\/.+|federated-user\/.+))$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

/** @throws {RangeError} if nobody who could call has that name */
export function callerAs(caller: Caller, who: string | Principal): Caller {
  const { arn, service, source, ...identity }: Principal = typeof who === "string" ? { arn: who } : who;
  const named = ARN.exec(arn);
  if (named === null && !SERVICE.test(arn)) {
    throw new RangeError(
      `Principal: expected the ARN of a root user, user, session of a role or federated user, or a service such as ` +
        `s3.amazonaws.com, got '${arn}'`,
    );
  }
  return {
    accountId: named?.[1] ?? named?.[2] ?? caller.accountId,
    region: caller.region,
    principal: arn,
    identity,
    ...(named === null ? { service: arn } : {}),
    ...(service === undefined ? {} : { service }),
    ...(source === undefined ? {} : { source }),
  };
}
