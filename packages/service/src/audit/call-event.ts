/** The event of one call. */
import { aliasArn, keyArn } from "../arn.ts";
import type { Caller } from "../caller.ts";
import type { KmsError } from "../errors.ts";
import { attestedEnvironment } from "./attested-environment.ts";
import { type AuditEvent, type AuditResource, eventTimeOf } from "./event.ts";
import { requestParameters, responseElements } from "./parameters.ts";
import type { Trail } from "./trail.ts";
import { invokedBy, userIdentity } from "./user-identity.ts";

/** A call that has ended. */
export interface EndedCall {
  readonly operation: string;
  readonly caller: Caller;
  /** As it came. */
  readonly input: unknown;
  readonly trail: Trail;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly answer?: object | undefined;
  readonly refusal?: KmsError | undefined;
}

/** Operations that change nothing, besides those that say so by their name. */
const READ_ONLY =
  /^(?:Get|List|Describe|Encrypt|Decrypt|ReEncrypt|Generate|Sign|Verify|Derive|Encapsulate|Decapsulate)/;

const readOnly = new Map<string, boolean>();

/** Names are those of operations, and so few; others are not remembered. */
function isReadOnly(operation: string): boolean {
  const known = readOnly.get(operation);
  if (known !== undefined) return known;
  const is = READ_ONLY.test(operation);
  if (readOnly.size < 100) readOnly.set(operation, is);
  return is;
}

/** CloudTrail cuts messages and user agents at this many characters: neither may make an event too large to be kept. */
const MAXIMUM_TEXT = 1024;

export function callEvent(call: EndedCall): AuditEvent {
  const { operation, caller, trail, refusal, answer } = call;
  const { source = {} } = caller;
  const service = caller.service === undefined ? undefined : invokedBy(caller.service);
  const resources = resourcesOf(call);
  const materials = materialsOf(call);
  const recipient = trail.attestation === undefined ? undefined : attestedEnvironment(trail.attestation);
  const shared = resources.some(({ accountId }) => accountId !== caller.accountId);
  return {
    eventVersion: "1.11",
    userIdentity: userIdentity(caller),
    eventTime: eventTimeOf(call.at),
    eventSource: "kms.amazonaws.com",
    eventName: operation,
    awsRegion: caller.region,
    sourceIPAddress: service ?? source.ip ?? "in-process",
    userAgent: service ?? source.userAgent?.slice(0, MAXIMUM_TEXT) ?? "in-process",
    ...(refusal === undefined
      ? {}
      : { errorCode: refusal.name, errorMessage: refusal.message.slice(0, MAXIMUM_TEXT) }),
    requestParameters: requestParameters(operation, trail.request ?? call.input, trail.request !== undefined),
    responseElements: responseElements(operation, answer),
    ...(materials === undefined && recipient === undefined
      ? {}
      : { additionalEventData: { ...materials, ...(recipient === undefined ? {} : { recipient }) } }),
    requestID: trail.requestId,
    eventID: trail.eventId,
    readOnly: isReadOnly(operation),
    ...(resources.length === 0 ? {} : { resources }),
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: caller.accountId,
    ...(shared ? { sharedEventID: crypto.randomUUID() } : {}),
    eventCategory: "Management",
    ...(source.tls === true ? { tlsDetails: {} } : {}),
  };
}

/** Keys that were found, those that were made, and aliases that were named. */
function resourcesOf(call: EndedCall): readonly AuditResource[] {
  const { trail, answer } = call;
  const [key] = trail.keys;
  // Nearly every call is about one key.
  const made = memberOf(answer, "KeyMetadata") ?? memberOf(answer, "ReplicaKeyMetadata");
  if (
    key !== undefined &&
    trail.keys.length === 1 &&
    made === undefined &&
    !call.operation.endsWith("Alias")
  ) {
    return [{ accountId: key.accountId, type: "AWS::KMS::Key", ARN: keyArn(key, key.keyId) }];
  }
  return allResourcesOf(call);
}

function allResourcesOf({ trail, answer, caller, operation }: EndedCall): readonly AuditResource[] {
  const resources = new Map<string, AuditResource>();
  const add = (ARN: string, accountId: string, type: AuditResource["type"]) =>
    resources.set(ARN, { accountId, type, ARN });
  for (const key of trail.keys) add(keyArn(key, key.keyId), key.accountId, "AWS::KMS::Key");
  for (const made of ["KeyMetadata", "ReplicaKeyMetadata"]) {
    const metadata = memberOf(answer, made);
    const [arn, account] = [memberOf(metadata, "Arn"), memberOf(metadata, "AWSAccountId")];
    if (typeof arn === "string" && typeof account === "string") add(arn, account, "AWS::KMS::Key");
  }
  const alias = operation.endsWith("Alias") ? memberOf(trail.request, "AliasName") : undefined;
  if (typeof alias === "string") add(aliasArn(caller, alias), caller.accountId, "AWS::KMS::Alias");
  return [...resources.values()];
}

/** Operations on the current material of a symmetric key, whose answer does not name it. */
const WITH_CURRENT_MATERIAL = /^(?:Encrypt|GenerateDataKey)/;

/** Which material of a symmetric key was used. */
function materialsOf({ operation, answer, trail }: EndedCall): Readonly<Record<string, string>> | undefined {
  if (answer === undefined) return undefined;
  const [key] = trail.keys;
  const used = memberOf(answer, "KeyMaterialId");
  if (typeof used === "string") return { keyMaterialId: used };
  const [from, to] = [memberOf(answer, "SourceKeyMaterialId"), memberOf(answer, "DestinationKeyMaterialId")];
  if (typeof from === "string" || typeof to === "string") {
    return {
      ...(typeof from === "string" ? { sourceKeyMaterialId: from } : {}),
      ...(typeof to === "string" ? { destinationKeyMaterialId: to } : {}),
    };
  }
  const current = key?.keySpec === "SYMMETRIC_DEFAULT" && WITH_CURRENT_MATERIAL.test(operation);
  return current ? { keyMaterialId: key.keyMaterialId } : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
