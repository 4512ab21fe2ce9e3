/** What somebody wants explained: may this principal do that with this key, and why. */
import type { Identity, RequestSource } from "../caller.ts";

export interface AccessQuestion {
  /**
   * Whose permission it is about: ARN of a user, a role, a role's session or an account's root user, the id of an account, or a
   * service such as `s3.amazonaws.com`.
   */
  readonly as: string;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  /** Key id, key ARN, or alias; needed by every action that is about a key. */
  readonly key?: string;
  /** Of CreateAlias, UpdateAlias and DeleteAlias: the alias that it is about, beside the key. */
  readonly alias?: string;
  /** Encryption context of the request. */
  readonly context?: Readonly<Record<string, string>>;
  /** What else the request says, in the API's names: `{ SigningAlgorithm: "ECDSA_SHA_256" }`. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Policies, boundary and tags of the principal; what the directory knows of it unless given. */
  readonly identity?: Identity;
  /** How the request comes; from within the process unless given. */
  readonly source?: RequestSource;
  /** The service that makes the request for the principal, such as `s3.us-east-1.amazonaws.com`. */
  readonly viaService?: string;
  /** Names of the identity policies, in their order, for the explanation. */
  readonly policyNames?: readonly string[];
}
