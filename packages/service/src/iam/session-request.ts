/** What an AssumeRole request may say (AWS STS API Reference, AssumeRole), and what of the caller's session goes along. */
import type { Identity } from "../caller.ts";
import { IamError, invalid } from "./iam-error.ts";
import { nameIn, type Tag, tagsIn, textIn, wholeNumberIn } from "./input.ts";
import { identityPolicyIn } from "./policy-documents.ts";

export interface AssumeRoleRequest {
  readonly RoleArn?: string | undefined;
  /** 2 to 64 characters. */
  readonly RoleSessionName?: string | undefined;
  /** 900 to 43,200, and at most what the role allows; 3,600 unless given. */
  readonly DurationSeconds?: number | undefined;
  readonly ExternalId?: string | undefined;
  /** Session policy: it takes away, and never adds. */
  readonly Policy?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly TransitiveTagKeys?: readonly string[] | undefined;
  readonly SourceIdentity?: string | undefined;
}

/** The request, checked. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly policy?: string;
  /** Those of the request, and those that come along from the caller's session. */
  readonly tags: Readonly<Record<string, string>>;
  /** Those of the request alone. */
  readonly requestTags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  /** Of the request, or of the caller's session. */
  readonly sourceIdentity?: string;
}

const DEFAULT_DURATION = 3_600;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;
/** Of session policy and tags together, in the session token: it has to pass in a header. */
export const MAXIMUM_PACKED_BYTES = 6_144;

/**
 * @param caller identity of whoever asks
 * @throws {IamError} ValidationError; MalformedPolicyDocument; PackedPolicyTooLarge; AccessDenied
 */
export function checkedSessionRequest(
  request: AssumeRoleRequest,
  caller: Identity | undefined,
): SessionRequest {
  const requestTags = recordOf(tagsIn(request.Tags ?? []));
  const inherited = inheritedTags(caller);
  const sourceIdentity = sourceIdentityIn(request.SourceIdentity, caller?.sourceIdentity);
  const checked: SessionRequest = {
    roleArn: textIn(request.RoleArn, "RoleArn", 2_048),
    sessionName: nameIn(request.RoleSessionName, "RoleSessionName", 64, 2),
    durationSeconds: wholeNumberIn(
      request.DurationSeconds ?? DEFAULT_DURATION,
      "DurationSeconds",
      900,
      43_200,
    ),
    ...(request.ExternalId === undefined ? {} : { externalId: externalIdIn(request.ExternalId) }),
    ...(request.Policy === undefined
      ? {}
      : { policy: identityPolicyIn(textIn(request.Policy, "Policy", 2_048)) }),
    requestTags,
    tags: { ...requestTags, ...inherited },
    transitiveTagKeys: [
      ...transitiveKeysIn(request.TransitiveTagKeys ?? [], requestTags),
      ...Object.keys(inherited),
    ],
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
  for (const key of Object.keys(inherited)) {
    if (Object.keys(requestTags).some((given) => given.toLowerCase() === key.toLowerCase()))
      throw invalid(`One of the specified transitive tag keys can't be set because it conflicts with ${key}`);
  }
  if (packedBytes(checked) > MAXIMUM_PACKED_BYTES)
    throw new IamError(
      "PackedPolicyTooLarge",
      `Session policy and session tags are larger than ${MAXIMUM_PACKED_BYTES} bytes together`,
    );
  return checked;
}

/** What session policy and tags take of the token: bytes. */
export function packedBytes({ policy = "", tags }: Pick<SessionRequest, "policy" | "tags">): number {
  return new TextEncoder().encode(JSON.stringify([policy, tags])).length;
}

/** Tags that stay along a chain of roles. */
function inheritedTags({ tags = {}, transitiveTagKeys = [] }: Identity = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => transitiveTagKeys.includes(key)));
}

function transitiveKeysIn(
  keys: readonly string[],
  tags: Readonly<Record<string, string>>,
): readonly string[] {
  const given = new Map(Object.keys(tags).map((key) => [key.toLowerCase(), key]));
  return keys.map((key) => {
    const found = given.get(key.toLowerCase());
    if (found !== undefined) return found;
    throw invalid(
      `The specified transitive tag key must be included in the requested tags: ${key.slice(0, 128)}`,
    );
  });
}

/** Once set, it stays: it says who the human is, however many roles later. */
function sourceIdentityIn(given: string | undefined, former: string | undefined): string | undefined {
  if (given === undefined) return former;
  const checked = nameIn(given, "SourceIdentity", 64, 2);
  if (former === undefined || former === checked) return checked;
  throw new IamError("AccessDenied", "The SourceIdentity of a session can't be changed");
}

function externalIdIn(value: string): string {
  if (EXTERNAL_ID.test(value)) return value;
  throw invalid("ExternalId: expected 2 to 1224 letters, digits and _+=,.@:/-");
}

function recordOf(tags: readonly { readonly key: string; readonly value: string }[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}
