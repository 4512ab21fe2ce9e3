/** What kinds of KMS keys the AWS API names (API model of 2026). */

/** Kind of key material. */
export type KeySpec = (typeof KEY_SPECS)[number];
export const KEY_SPECS = [
  "ECC_NIST_EDWARDS25519",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
  "ML_KEM_1024",
  "ML_KEM_512",
  "ML_KEM_768",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "SM2",
  "SYMMETRIC_DEFAULT",
] as const;

/** The former name of KeySpec, with the kinds of its time. */
export type CustomerMasterKeySpec = (typeof CUSTOMER_MASTER_KEY_SPECS)[number];
export const CUSTOMER_MASTER_KEY_SPECS = [
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_SECG_P256K1",
  "HMAC_224",
  "HMAC_256",
  "HMAC_384",
  "HMAC_512",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "SM2",
  "SYMMETRIC_DEFAULT",
] as const;

/** What a key is for. */
export type KeyUsageType = (typeof KEY_USAGES)[number];
export const KEY_USAGES = [
  "ENCAPSULATE_DECAPSULATE",
  "ENCRYPT_DECRYPT",
  "GENERATE_VERIFY_MAC",
  "KEY_AGREEMENT",
  "SIGN_VERIFY",
] as const;

/** Where key material comes from. */
export type OriginType = (typeof ORIGINS)[number];
export const ORIGINS = ["AWS_CLOUDHSM", "AWS_KMS", "EXTERNAL", "EXTERNAL_KEY_STORE"] as const;
