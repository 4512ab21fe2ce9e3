/** What can be done with an AWS managed key by those whom its policy allows: use it, look at it, and take its grants back. */
import { keyArn } from "../arn.ts";
import type { Caller } from "../caller.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";

const ALLOWED =
  /^(?:Decrypt|Encrypt|GenerateDataKey.*|ReEncrypt|DescribeKey|Get.*|List.*|RetireGrant|RevokeGrant)$/;

/** @throws {KmsError} AccessDeniedException for what AWS alone may do: change the key, or share it */
export function assertAllowedOnManagedKey(caller: Caller, operation: string, key: KeyRecord): void {
  if (ALLOWED.test(operation) || (operation === "CreateGrant" && caller.service !== undefined)) return;
  throw new KmsError(
    "AccessDeniedException",
    `User: ${caller.principal} is not authorized to perform: kms:${operation} on resource: ${keyArn(key, key.keyId)} ` +
      `because no resource-based policy allows the kms:${operation} action`,
  );
}
