/** The directory of principals, opened: what the service gives to those who serve it, and to those who keep it. */
import type { Caller } from "../caller.ts";
import type { Runtime } from "../runtime.ts";
import { type AssumedRole, assumeRole } from "./assume-role.ts";
import { Directory } from "./directory.ts";
import { type FoundAccessKey, findAccessKey } from "./find-access-key.ts";
import { findSession } from "./find-session.ts";
import { Iam } from "./iam.ts";
import type { AssumeRoleRequest } from "./session-request.ts";
import { SessionTokens } from "./session-tokens.ts";

export class PrincipalDirectory {
  readonly #directory: Directory;
  readonly #tokens: SessionTokens;

  constructor(runtime: Runtime) {
    this.#directory = new Directory(runtime);
    this.#tokens = new SessionTokens(runtime.database);
    runtime.beforeClose(async () => this.#tokens.close());
  }

  /**
   * The directory as an account has it.
   *
   * @throws {IamError} ValidationError unless `accountId` is 12 digits
   */
  account(accountId: string): Iam {
    return new Iam(this.#directory, accountId);
  }

  /** An access key that works, with its session token if it is temporary; `undefined` for any other texts. */
  async find(accessKeyId: string, sessionToken: string | undefined): Promise<FoundAccessKey | undefined> {
    return sessionToken === undefined
      ? findAccessKey(this.#directory, accessKeyId)
      : findSession(this.#directory, this.#tokens, accessKeyId, sessionToken);
  }

  /** @throws {IamError} AccessDenied; ValidationError; MalformedPolicyDocument; PackedPolicyTooLarge */
  assumeRole(caller: Caller, request: AssumeRoleRequest): Promise<AssumedRole> {
    return assumeRole(this.#directory, this.#tokens, caller, request);
  }
}
