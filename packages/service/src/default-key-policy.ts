import { type Place, partitionOf } from "./arn.ts";

/** The key policy of a key that was given none: it leaves the decision to the policies of the account. */
export function defaultKeyPolicy({ accountId, region }: Place): string {
  const statement = {
    Sid: "Enable IAM User Permissions",
    Effect: "Allow",
    Principal: { AWS: `arn:${partitionOf(region)}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  return JSON.stringify({ Version: "2012-10-17", Id: "key-default-1", Statement: [statement] }, null, 2);
}
