import { type Place, partitionOf } from "./arn.ts";

/** The key policy of a key that was given none, as AWS writes it: it leaves the decision to the policies of the account. */
export function defaultKeyPolicy({ accountId, region }: Place): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:${partitionOf(region)}:iam::${accountId}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}
