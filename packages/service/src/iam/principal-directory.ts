/** The directory of principals, opened: what the service gives to those who serve it, and to those who keep it. */
import type { Runtime } from "../runtime.ts";
import { Directory } from "./directory.ts";
import { type FoundAccessKey, findAccessKey } from "./find-access-key.ts";
import { Iam } from "./iam.ts";

export class PrincipalDirectory {
  readonly #directory: Directory;

  constructor(runtime: Runtime) {
    this.#directory = new Directory(runtime);
  }

  /**
   * The directory as an account has it.
   *
   * @throws {IamError} ValidationError unless `accountId` is 12 digits
   */
  account(accountId: string): Iam {
    return new Iam(this.#directory, accountId);
  }

  /** An access key that works now; `undefined` for any other text. */
  find(accessKeyId: string): Promise<FoundAccessKey | undefined> {
    return findAccessKey(this.#directory, accessKeyId);
  }
}
