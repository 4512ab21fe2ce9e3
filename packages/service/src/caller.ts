/** Who makes a call, where, and what is known of both. */
import { partitionOf } from "./arn.ts";

export interface Caller {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** ARN of the principal. */
  readonly principal: string;
  /**
   * The AWS service that makes the call for the principal, as `kms:ViaService` names it (`s3.us-east-1.amazonaws.com`), or
   * that makes it for itself (`s3.amazonaws.com`); absent if no service does.
   */
  readonly service?: string;
  /** What is known of the principal; absent for one that has no policies of its own, such as an account's root user. */
  readonly identity?: Identity;
  /** How the request came; absent for calls within the process. */
  readonly source?: RequestSource;
}

/** What the directory knows of a principal, or an embedder says of it. */
export interface Identity {
  /** Unique id, such as `AIDA…` of a user or `AROA…:session` of a role's session; the value of `aws:userid`. */
  readonly principalId?: string;
  /** Of a user. */
  readonly userName?: string;
  /** Of a role's session: `arn:aws:iam::<account>:role/<path and name>`. */
  readonly roleArn?: string;
  /** The access key that the request was signed with. */
  readonly accessKeyId?: string;
  /** Policies of the user, its groups or the role: JSON texts. */
  readonly policies?: readonly string[];
  /** Permissions boundary: a JSON text. */
  readonly boundary?: string;
  /** Policies that were given when the session began: JSON texts. */
  readonly sessionPolicies?: readonly string[];
  /** Tags of the user, or of the role and its session: `aws:PrincipalTag/…`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of a role's session: the keys of those of its tags that go along when it assumes another role. */
  readonly transitiveTagKeys?: readonly string[];
  readonly sessionName?: string;
  /** `aws:SourceIdentity` */
  readonly sourceIdentity?: string;
  /** Whether a second factor was shown. */
  readonly mfa?: boolean;
  /** When the session's credentials were issued: milliseconds since 1970. */
  readonly issuedAt?: number;
}

/** How a request came. */
export interface RequestSource {
  /** IP address of the client. */
  readonly ip?: string;
  readonly userAgent?: string;
  /** The one that the answer bears. */
  readonly requestId?: string;
  /** Whether the connection was encrypted. */
  readonly tls?: boolean;
  /** ARN of the resource for which a service makes the request: `aws:SourceArn`. */
  readonly resourceArn?: string;
}

const rootUsers = new WeakMap<Caller, boolean>();

/** Whether it is the root user of its account, whom no policy but those of resources holds back. */
export function isRootUser(caller: Caller): boolean {
  let known = rootUsers.get(caller);
  if (known === undefined) {
    known = isRoot(caller);
    rootUsers.set(caller, known);
  }
  return known;
}

function isRoot({ accountId, region, principal, service, identity }: Caller): boolean {
  return (
    principal === `arn:${partitionOf(region)}:iam::${accountId}:root` &&
    service === undefined &&
    (identity?.policies ?? identity?.boundary ?? identity?.sessionPolicies) === undefined
  );
}
