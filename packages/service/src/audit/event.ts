/**
 * An audit event: CloudTrail's record of one API call or one background event (AWS CloudTrail User Guide, "CloudTrail record
 * contents"; AWS KMS Developer Guide, "Logging AWS KMS API calls with AWS CloudTrail").
 */
export interface AuditEvent {
  readonly eventVersion: "1.11";
  readonly userIdentity: UserIdentity;
  /** ISO 8601 in UTC, in seconds. */
  readonly eventTime: string;
  readonly eventSource: "kms.amazonaws.com";
  readonly eventName: string;
  readonly awsRegion: string;
  /** An IP address, or the name of the service that called; `AWS Internal` for background events. */
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** What of the request may be told: no plaintext, ciphertext, message, MAC, signature, token or key material. */
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Of calls: the `x-amzn-requestid` of their answer. */
  readonly requestID?: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly AuditResource[];
  readonly serviceEventDetails?: Readonly<Record<string, unknown>>;
  readonly eventType: "AwsApiCall" | "AwsServiceEvent";
  readonly managementEvent: true;
  /** The account that called; of a background event, the one that owns the key. */
  readonly recipientAccountId: string;
  /** Of a call that concerns several accounts. */
  readonly sharedEventID?: string;
  readonly eventCategory: "Management";
  readonly tlsDetails?: Readonly<Record<string, string>>;
}

export interface AuditResource {
  /** Of the account that owns it. */
  readonly accountId: string;
  readonly type: "AWS::KMS::Key" | "AWS::KMS::Alias";
  readonly ARN: string;
}

export interface UserIdentity {
  readonly type: string;
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: Readonly<Record<string, unknown>>;
  /** The service that called for the principal, or for itself. */
  readonly invokedBy?: string;
}

let told = { second: Number.NaN, text: "" };

/** A time as events tell it. Most events are of the second of the one before. */
export function eventTimeOf(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  if (second !== told.second) {
    told = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  }
  return told.text;
}
