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

/** The caller of a Region as another principal. One whom no policy could name is anonymous: it may do next to nothing. */
export function callerAs({ accountId, region }: Caller, who: string | Principal): Caller {
  const { arn, service, source, ...identity }: Principal = typeof who === "string" ? { arn: who } : who;
  const account = /::(\d{12}):/.exec(arn)?.[1];
  return {
    accountId: account ?? accountId,
    region,
    principal: arn,
    identity,
    ...(account === undefined ? { service: arn } : service === undefined ? {} : { service }),
    ...(source === undefined ? {} : { source }),
  };
}
