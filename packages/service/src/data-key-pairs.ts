/** What the two operations that make data key pairs share. */
import { loadKeyPairAlgorithm } from "@kmslite/crypto/key-pairs";
import type { Call } from "./call.ts";
import type { KeyRecord } from "./database/records.ts";
import { assertNotDryRun } from "./dry-run.ts";
import { encryptUnder } from "./encryption.ts";
import { KmsError } from "./errors.ts";
import { isInRegion } from "./key-specs.ts";
import { assertAlgorithm, assertOrigin } from "./key-state.ts";
import { encryptionContext, grantTokens, keyId } from "./shapes/common.ts";
import {
  boolean,
  type MembersOf,
  oneOf,
  optional,
  required,
  type Shape,
  type Validated,
} from "./shapes/shape.ts";

export type DataKeyPairSpec =
  | "RSA_2048"
  | "RSA_3072"
  | "RSA_4096"
  | "ECC_NIST_P256"
  | "ECC_NIST_P384"
  | "ECC_NIST_P521"
  | "ECC_SECG_P256K1"
  | "SM2"
  | "ECC_NIST_EDWARDS25519"
  | "ML_KEM_512"
  | "ML_KEM_768"
  | "ML_KEM_1024";

export interface DataKeyPairRequest {
  EncryptionContext?: Record<string, string> | undefined;
  KeyId: string | undefined;
  KeyPairSpec: DataKeyPairSpec | undefined;
  GrantTokens?: string[] | undefined;
  DryRun?: boolean | undefined;
}

const dataKeyPairSpec: Shape<DataKeyPairSpec> = oneOf([
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "SM2",
  "ECC_NIST_EDWARDS25519",
  "ML_KEM_512",
  "ML_KEM_768",
  "ML_KEM_1024",
]);

export const dataKeyPairMembers: MembersOf<DataKeyPairRequest> = {
  EncryptionContext: optional(encryptionContext),
  KeyId: required(keyId),
  KeyPairSpec: required(dataKeyPairSpec),
  GrantTokens: optional(grantTokens),
  DryRun: optional(boolean),
};

/** A new key pair that is nobody's yet. */
export interface DataKeyPair {
  /** DER of PKCS#8; the caller's to wipe. */
  readonly privateKey: Uint8Array;
  readonly privateKeyBlob: Uint8Array;
  /** DER of SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
}

/**
 * Makes a key pair, and encrypts its private key under a symmetric KMS key.
 *
 * @throws {KmsError} UnsupportedOperationException if the Region has no such key pairs, InvalidKeyUsageException if the KMS
 *   key is not symmetric, DryRunOperationException
 */
export async function dataKeyPair(
  call: Call,
  key: KeyRecord,
  input: Validated<DataKeyPairRequest>,
): Promise<DataKeyPair> {
  assertAlgorithm(key, "SYMMETRIC_DEFAULT");
  // A key in a custom key store encrypts no private keys.
  assertOrigin(key, ["AWS_KMS", "EXTERNAL"]);
  const { KeyPairSpec: keyPairSpec, EncryptionContext: context } = input;
  if (!isInRegion(keyPairSpec, key.region)) {
    throw new KmsError(
      "UnsupportedOperationException",
      `KeyPairSpec ${keyPairSpec} is not supported in ${key.region}`,
    );
  }
  assertNotDryRun(input.DryRun);
  const algorithm = await loadKeyPairAlgorithm(keyPairSpec);
  const { privateKey, publicKey } = await algorithm.generate(call.runtime.database.cryptography.random);
  try {
    const privateKeyBlob = await encryptUnder(call, key, "DataKeyPair", context, privateKey);
    return { privateKey, privateKeyBlob, publicKey };
  } catch (error) {
    privateKey.fill(0);
    throw error;
  }
}
