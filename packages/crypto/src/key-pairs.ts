/** Key pair algorithms by the names of the KMS's key specs. Each family is loaded when it is first asked for. */
import type { KeyPairAlgorithm, KeyPairSpec } from "./key-pair.ts";

export * from "./key-pair.ts";
export { KeyPairError, type KeyPairErrorCode } from "./key-pair-error.ts";

type Loader = () => Promise<KeyPairAlgorithm>;

const LOADERS: Readonly<Record<KeyPairSpec, Loader>> = {
  RSA_2048: async () => (await import("./rsa.ts")).rsa2048,
  RSA_3072: async () => (await import("./rsa.ts")).rsa3072,
  RSA_4096: async () => (await import("./rsa.ts")).rsa4096,
  ECC_NIST_P256: async () => (await import("./ecdsa.ts")).eccNistP256,
  ECC_NIST_P384: async () => (await import("./ecdsa.ts")).eccNistP384,
  ECC_NIST_P521: async () => (await import("./ecdsa.ts")).eccNistP521,
  ECC_SECG_P256K1: async () => (await import("./ecdsa.ts")).eccSecgP256k1,
  ECC_NIST_EDWARDS25519: async () => (await import("./ed25519.ts")).eccNistEdwards25519,
  SM2: async () => (await import("./sm2.ts")).sm2,
  ML_DSA_44: async () => (await import("./ml-dsa.ts")).mlDsa44,
  ML_DSA_65: async () => (await import("./ml-dsa.ts")).mlDsa65,
  ML_DSA_87: async () => (await import("./ml-dsa.ts")).mlDsa87,
  ML_KEM_512: async () => (await import("./ml-kem.ts")).mlKem512,
  ML_KEM_768: async () => (await import("./ml-kem.ts")).mlKem768,
  ML_KEM_1024: async () => (await import("./ml-kem.ts")).mlKem1024,
};

/** The algorithms of one asymmetric key spec. */
export async function loadKeyPairAlgorithm(keySpec: KeyPairSpec): Promise<KeyPairAlgorithm> {
  return await LOADERS[keySpec]();
}
