/** What an alias may be called. */
import { KmsError } from "./errors.ts";

const NAME = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;

/** Whether an alias can have this name; no other is ever found. */
export function isAliasName(name: string): boolean {
  return NAME.test(name);
}

/**
 * An alias of a customer's: `alias/` and a name, and none of AWS's own.
 *
 * @throws {KmsError} ValidationException, InvalidAliasNameException or NotAuthorizedException
 */
export function assertCustomerAlias(name: string): void {
  if (!name.startsWith("alias/")) {
    throw new KmsError(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith("alias/aws/")) throw new KmsError("NotAuthorizedException", "");
  if (name === "alias/") throw new KmsError("InvalidAliasNameException", `${name} is not a valid alias name`);
  if (!isAliasName(name)) {
    throw new KmsError("InvalidAliasNameException", `${name} contains invalid characters for an alias`);
  }
}

/** @throws {KmsError} ValidationException if what should name a key names an alias */
export function assertNoAlias(keyId: string): void {
  if (keyId.startsWith("alias/") || /^arn:[^/]*:alias\//.test(keyId)) {
    throw new KmsError("ValidationException", "Aliases must refer to keys. Not aliases");
  }
}
