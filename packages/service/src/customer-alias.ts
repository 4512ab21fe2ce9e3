/** What customers may name by an alias, and how; loaded by those who make and change aliases. */
import { isAliasName } from "./alias-name.ts";
import { KmsError } from "./errors.ts";

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
