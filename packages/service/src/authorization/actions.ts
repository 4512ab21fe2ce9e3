/** Facts about the actions of AWS KMS (Developer Guide, "AWS KMS permissions"; API Reference, "Cross-account use"). */

/** Actions that encrypt or decrypt under a symmetric key, and so have an encryption context. */
export const ENCRYPTION_ACTIONS: ReadonlySet<string> = new Set([
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
]);

/** Actions whose request may name the key by an alias. */
export const ALIAS_ACTIONS: ReadonlySet<string> = new Set([
  ...ENCRYPTION_ACTIONS,
  "Decapsulate",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encapsulate",
  "GenerateMac",
  "GetPublicKey",
  "Sign",
  "Verify",
  "VerifyMac",
]);

/** Actions on keys of other accounts, for those whom both accounts let. */
export const CROSS_ACCOUNT_ACTIONS: ReadonlySet<string> = new Set([
  ...ALIAS_ACTIONS,
  "CreateGrant",
  "GetKeyRotationStatus",
  "ListGrants",
  "RetireGrant",
  "RevokeGrant",
]);
