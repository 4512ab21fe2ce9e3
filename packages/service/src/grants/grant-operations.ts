/** What a grant can permit, and on which keys (AWS KMS Developer Guide, "Grant operations"). */
import { keyArn } from "../arn.ts";
import type { KeyRecord } from "../database/records.ts";
import { KmsError } from "../errors.ts";
import type { KeyUsageType } from "../shapes/key-types.ts";

export type GrantOperation = (typeof GRANT_OPERATIONS)[number];
export const GRANT_OPERATIONS = [
  "CreateGrant",
  "Decapsulate",
  "Decrypt",
  "DeriveSharedSecret",
  "DescribeKey",
  "Encapsulate",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateMac",
  "GetPublicKey",
  "ReEncryptFrom",
  "ReEncryptTo",
  "RetireGrant",
  "Sign",
  "Verify",
  "VerifyMac",
] as const;

/** Operations that take an encryption context; only for them is one a constraint. */
const WITH_CONTEXT: readonly GrantOperation[] = [
  "Decrypt",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
];

/** Operations on the key itself and its grants: every key has them, and no encryption context constrains them away. */
const MANAGEMENT: readonly GrantOperation[] = ["CreateGrant", "DescribeKey", "RetireGrant"];

/** What keys of a usage can do. A key for encryption that is not symmetric has a public key besides. */
const BY_USAGE: Readonly<Record<KeyUsageType, readonly GrantOperation[]>> = {
  ENCAPSULATE_DECAPSULATE: ["Encapsulate", "Decapsulate", "GetPublicKey"],
  ENCRYPT_DECRYPT: ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"],
  GENERATE_VERIFY_MAC: ["GenerateMac", "VerifyMac"],
  KEY_AGREEMENT: ["DeriveSharedSecret", "GetPublicKey"],
  SIGN_VERIFY: ["Sign", "Verify", "GetPublicKey"],
};

/**
 * The operations of a request, each once, in the order of the API.
 *
 * @throws {KmsError} ValidationException if there is none, or one that the key does not have
 */
export function grantedOperations(
  key: KeyRecord,
  operations: readonly GrantOperation[],
): readonly GrantOperation[] {
  if (operations.length === 0) {
    throw new KmsError("ValidationException", "Operations must contain at least one operation.");
  }
  const possible = operationsOf(key);
  const impossible = operations.find((operation) => !possible.includes(operation));
  if (impossible !== undefined) {
    throw new KmsError(
      "ValidationException",
      `The operation ${impossible} is not supported on ${keyArn(key, key.keyId)}: its key spec is ${key.keySpec} and its ` +
        `key usage is ${key.keyUsage}.`,
    );
  }
  return GRANT_OPERATIONS.filter((operation) => operations.includes(operation));
}

/** Whether an encryption context can constrain all of these operations of a key. */
export function takeContext(key: KeyRecord, operations: readonly GrantOperation[]): boolean {
  if (key.keySpec !== "SYMMETRIC_DEFAULT") return operations.every((one) => MANAGEMENT.includes(one));
  return operations.every((one) => WITH_CONTEXT.includes(one) || MANAGEMENT.includes(one));
}

/** What a grant can permit on a key. */
export function operationsOf(key: KeyRecord): readonly GrantOperation[] {
  const spec: string = key.keySpec;
  if (spec === "SYMMETRIC_DEFAULT") return [...WITH_CONTEXT, ...MANAGEMENT];
  const asymmetricEncryption: readonly GrantOperation[] =
    key.keyUsage === "ENCRYPT_DECRYPT" ? ["GetPublicKey"] : [];
  return [...BY_USAGE[key.keyUsage], ...asymmetricEncryption, ...MANAGEMENT];
}
