/**
 * What each kind of KMS key can do: the usages that a key spec allows, and the algorithms of each (AWS KMS Developer
 * Guide, "Key spec reference"). Algorithms stand in the order in which AWS lists them.
 */
import type {
  EncapsulationAlgorithmSpec,
  EncryptionAlgorithmSpec,
  KeyAgreementAlgorithmSpec,
  MacAlgorithmSpec,
  SigningAlgorithmSpec,
} from "./shapes/algorithms.ts";
import type { KeySpec } from "./shapes/key-types.ts";

/** The algorithms of a key spec by key usage; a usage that is missing is not allowed. */
export interface AlgorithmsByUsage {
  readonly ENCRYPT_DECRYPT?: readonly EncryptionAlgorithmSpec[];
  readonly SIGN_VERIFY?: readonly SigningAlgorithmSpec[];
  readonly GENERATE_VERIFY_MAC?: readonly MacAlgorithmSpec[];
  readonly KEY_AGREEMENT?: readonly KeyAgreementAlgorithmSpec[];
  readonly ENCAPSULATE_DECAPSULATE?: readonly EncapsulationAlgorithmSpec[];
}

const RSA: AlgorithmsByUsage = {
  ENCRYPT_DECRYPT: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"],
  SIGN_VERIFY: [
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
  ],
};
const ML_DSA: AlgorithmsByUsage = { SIGN_VERIFY: ["ML_DSA_SHAKE_256"] };
const ML_KEM: AlgorithmsByUsage = { ENCAPSULATE_DECAPSULATE: ["ML_KEM"] };

const ALGORITHMS: Readonly<Record<KeySpec, AlgorithmsByUsage>> = {
  SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: ["SYMMETRIC_DEFAULT"] },
  HMAC_224: { GENERATE_VERIFY_MAC: ["HMAC_SHA_224"] },
  HMAC_256: { GENERATE_VERIFY_MAC: ["HMAC_SHA_256"] },
  HMAC_384: { GENERATE_VERIFY_MAC: ["HMAC_SHA_384"] },
  HMAC_512: { GENERATE_VERIFY_MAC: ["HMAC_SHA_512"] },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: { SIGN_VERIFY: ["ECDSA_SHA_256"], KEY_AGREEMENT: ["ECDH"] },
  ECC_NIST_P384: { SIGN_VERIFY: ["ECDSA_SHA_384"], KEY_AGREEMENT: ["ECDH"] },
  ECC_NIST_P521: { SIGN_VERIFY: ["ECDSA_SHA_512"], KEY_AGREEMENT: ["ECDH"] },
  ECC_SECG_P256K1: { SIGN_VERIFY: ["ECDSA_SHA_256"] },
  ECC_NIST_EDWARDS25519: { SIGN_VERIFY: ["ED25519_SHA_512", "ED25519_PH_SHA_512"] },
  SM2: { ENCRYPT_DECRYPT: ["SM2PKE"], SIGN_VERIFY: ["SM2DSA"], KEY_AGREEMENT: ["ECDH"] },
  ML_DSA_44: ML_DSA,
  ML_DSA_65: ML_DSA,
  ML_DSA_87: ML_DSA,
  ML_KEM_512: ML_KEM,
  ML_KEM_768: ML_KEM,
  ML_KEM_1024: ML_KEM,
};

/** The usages that a key spec allows, with their algorithms. */
export function algorithmsOf(keySpec: KeySpec): AlgorithmsByUsage {
  return ALGORITHMS[keySpec];
}

/** Specs of keys that authenticate messages; their material is random bytes. */
export type HmacKeySpec = "HMAC_224" | "HMAC_256" | "HMAC_384" | "HMAC_512";

/** Specs of keys whose material is a key pair. */
export type KeyPairSpec = Exclude<KeySpec, HmacKeySpec | "SYMMETRIC_DEFAULT">;

export function isHmac(keySpec: KeySpec): keySpec is HmacKeySpec {
  return keySpec.startsWith("HMAC_");
}

export function isKeyPair(keySpec: KeySpec): keySpec is KeyPairSpec {
  return keySpec !== "SYMMETRIC_DEFAULT" && !isHmac(keySpec);
}

/** Whether material of this kind can be brought along: AWS imports none for post-quantum keys. */
export function isImportable(keySpec: KeySpec): boolean {
  return !keySpec.startsWith("ML_");
}

/** Whether the Region has keys of this spec: SM2 is China's alone, and ML-KEM is not there. */
export function isInRegion(keySpec: KeySpec, region: string): boolean {
  const china = region.startsWith("cn-");
  if (keySpec === "SM2") return china;
  return !china || !keySpec.startsWith("ML_KEM_");
}
