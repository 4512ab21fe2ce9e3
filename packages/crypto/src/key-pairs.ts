/** Key pair algorithms by the names of the KMS's key specs. Each family is loaded when it is first asked for. */
import type { KeyPairAlgorithm, KeyPairSpec } from "./key-pair.ts";

export * from "./key-pair.ts";
export { KeyPairError, type KeyPairErrorCode } from "./key-pair-error.ts";

type Loader = () => Promise<KeyPairAlgorithm>;

const LOADERS: Readonly<Partial<Record<KeyPairSpec, Loader>>> = {
  ECC_NIST_P256: async () => (await import("./ecdsa.ts")).eccNistP256,
  ECC_NIST_P384: async () => (await import("./ecdsa.ts")).eccNistP384,
  ECC_NIST_P521: async () => (await import("./ecdsa.ts")).eccNistP521,
  ECC_SECG_P256K1: async () => (await import("./ecdsa.ts")).eccSecgP256k1,
};

/** The algorithms of one asymmetric key spec. */
export async function loadKeyPairAlgorithm(keySpec: KeyPairSpec): Promise<KeyPairAlgorithm> {
  const load = LOADERS[keySpec];
  if (load === undefined) throw new RangeError(`${keySpec}: expected a key pair spec that is implemented`);
  return await load();
}
