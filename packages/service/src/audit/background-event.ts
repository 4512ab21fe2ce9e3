/** The event of background work: automatic rotation, deletion at the end of a waiting period, expiry of imported material. */
import { keyArn } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import { type AuditEvent, eventTimeOf } from "./event.ts";
import type { BackgroundEvent } from "./trail.ts";

const AWS_INTERNAL = "AWS Internal";

/** @param at milliseconds since 1970 */
export function backgroundEvent(eventName: BackgroundEvent, key: KeyRecord, at: number): AuditEvent {
  const ARN = keyArn(key, key.keyId);
  return {
    eventVersion: "1.11",
    userIdentity: { type: "AWSService", accountId: key.accountId, invokedBy: AWS_INTERNAL },
    eventTime: eventTimeOf(at),
    eventSource: "kms.amazonaws.com",
    eventName,
    awsRegion: key.region,
    sourceIPAddress: AWS_INTERNAL,
    userAgent: AWS_INTERNAL,
    requestParameters: null,
    responseElements: null,
    eventID: crypto.randomUUID(),
    readOnly: false,
    resources: [{ accountId: key.accountId, type: "AWS::KMS::Key", ARN }],
    serviceEventDetails: {
      keyId: key.keyId,
      ...(eventName === "RotateKey"
        ? { rotationType: "AUTOMATIC", currentKeyMaterialId: key.keyMaterialId }
        : {}),
    },
    eventType: "AwsServiceEvent",
    managementEvent: true,
    recipientAccountId: key.accountId,
    eventCategory: "Management",
  };
}
