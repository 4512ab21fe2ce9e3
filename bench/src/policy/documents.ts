/** The policies that decisions are measured on. */

export const ACCOUNT = "111122223333";
const KEY = "1234abcd-12ab-34cd-56ef-1234567890ab";
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/${KEY}`;
export const USER = `arn:aws:iam::${ACCOUNT}:user/app/orders`;

/** Key policies may have 32 KiB: AWS KMS API Reference, PutKeyPolicy. */
const MAXIMUM_BYTES = 32_768;

/** What the console writes for a key with administrators and users, and a service that may use it for them: 5 statements. */
export const typicalKeyPolicy: string = policy([
  {
    Sid: "Enable IAM User Permissions",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  },
  {
    Sid: "Allow access for Key Administrators",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/admins/KeyAdmin` },
    Action: [
      "kms:Create*",
      "kms:Describe*",
      "kms:Enable*",
      "kms:List*",
      "kms:Put*",
      "kms:Update*",
      "kms:Revoke*",
      "kms:Disable*",
      "kms:Get*",
      "kms:Delete*",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:ScheduleKeyDeletion",
      "kms:CancelKeyDeletion",
      "kms:RotateKeyOnDemand",
    ],
    Resource: "*",
  },
  {
    Sid: "Allow use of the key",
    Effect: "Allow",
    Principal: { AWS: [USER, `arn:aws:iam::${ACCOUNT}:role/app/Orders`] },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    Resource: "*",
    Condition: { StringEquals: { "kms:EncryptionContext:department": "orders" } },
  },
  {
    Sid: "Allow attachment of persistent resources",
    Effect: "Allow",
    Principal: { AWS: [USER, `arn:aws:iam::${ACCOUNT}:role/app/Orders`] },
    Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    Resource: "*",
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
  {
    Sid: "Not without TLS",
    Effect: "Deny",
    Principal: "*",
    Action: "kms:*",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
]);

/**
 * Wildcards everywhere, up to the last byte that a policy may have. No pattern fits the request, and each has to be read as far as it
 * can be; the last statement alone decides.
 */
export function worstKeyPolicy(): string {
  const one = {
    Effect: "Deny",
    Principal: { AWS: "*" },
    NotAction: ["kms:*e?c*?y*t?", "kms:*e*c*r*y*p*t*s", "kms:?*?*?*?*?*?*?*?*?*x"],
    NotResource: ["a*n:*a*:*k*:*:*1?1*:*k*y*/*a?d*z", "*?*?*?*?*?*?*?*?*?*?*?*?*?*?*1?3*9*x"],
    Condition: {
      StringNotLike: {
        "kms:EncryptionContext:department": ["*a*a?a*a*a?a*a?a*a*b?*", "*a?a?a?a?a?a?a?a?a?b*"],
      },
      "ForAnyValue:StringLike": { "kms:EncryptionContextKeys": ["*?e*?p*?r*?t*x", "d*e*p*a*r*t*m*e*n*t*s"] },
    },
  };
  const last = { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" };
  const statements: object[] = [];
  while (new TextEncoder().encode(policy([...statements, one, last])).length <= MAXIMUM_BYTES)
    statements.push(one);
  return policy([...statements, last]);
}

function policy(Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
