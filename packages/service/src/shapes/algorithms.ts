/** The algorithms that the AWS API names, in the order of its messages (API model of 2026). */
import { oneOf, type Shape } from "./shape.ts";

export type EncryptionAlgorithmSpec =
  | "SYMMETRIC_DEFAULT"
  | "RSAES_OAEP_SHA_1"
  | "RSAES_OAEP_SHA_256"
  | "SM2PKE";

export type SigningAlgorithmSpec =
  | "RSASSA_PSS_SHA_256"
  | "RSASSA_PSS_SHA_384"
  | "RSASSA_PSS_SHA_512"
  | "RSASSA_PKCS1_V1_5_SHA_256"
  | "RSASSA_PKCS1_V1_5_SHA_384"
  | "RSASSA_PKCS1_V1_5_SHA_512"
  | "ECDSA_SHA_256"
  | "ECDSA_SHA_384"
  | "ECDSA_SHA_512"
  | "SM2DSA"
  | "ML_DSA_SHAKE_256"
  | "ED25519_SHA_512"
  | "ED25519_PH_SHA_512";

export type MacAlgorithmSpec = "HMAC_SHA_224" | "HMAC_SHA_256" | "HMAC_SHA_384" | "HMAC_SHA_512";
export type KeyAgreementAlgorithmSpec = "ECDH";
export type EncapsulationAlgorithmSpec = "ML_KEM";

export const encryptionAlgorithm: Shape<EncryptionAlgorithmSpec> = oneOf([
  "SYMMETRIC_DEFAULT",
  "RSAES_OAEP_SHA_1",
  "RSAES_OAEP_SHA_256",
  "SM2PKE",
]);

export const signingAlgorithm: Shape<SigningAlgorithmSpec> = oneOf([
  "RSASSA_PSS_SHA_256",
  "RSASSA_PSS_SHA_384",
  "RSASSA_PSS_SHA_512",
  "RSASSA_PKCS1_V1_5_SHA_256",
  "RSASSA_PKCS1_V1_5_SHA_384",
  "RSASSA_PKCS1_V1_5_SHA_512",
  "ECDSA_SHA_256",
  "ECDSA_SHA_384",
  "ECDSA_SHA_512",
  "SM2DSA",
  "ML_DSA_SHAKE_256",
  "ED25519_SHA_512",
  "ED25519_PH_SHA_512",
]);

export const macAlgorithm: Shape<MacAlgorithmSpec> = oneOf([
  "HMAC_SHA_224",
  "HMAC_SHA_256",
  "HMAC_SHA_384",
  "HMAC_SHA_512",
]);

export const keyAgreementAlgorithm: Shape<KeyAgreementAlgorithmSpec> = oneOf(["ECDH"]);
export const encapsulationAlgorithm: Shape<EncapsulationAlgorithmSpec> = oneOf(["ML_KEM"]);
