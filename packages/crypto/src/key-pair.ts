/**
 * Key pairs behind the names of the KMS: what every asymmetric key spec can be asked for.
 *
 * Private keys travel as DER of PKCS#8, public keys as DER of SubjectPublicKeyInfo. A key is parsed once and may then be
 * used any number of times.
 */
import { KeyPairError } from "./key-pair-error.ts";

/** The asymmetric values of the KMS's `KeySpec`. */
export type KeyPairSpec =
  | "RSA_2048"
  | "RSA_3072"
  | "RSA_4096"
  | "ECC_NIST_P256"
  | "ECC_NIST_P384"
  | "ECC_NIST_P521"
  | "ECC_SECG_P256K1"
  | "ECC_NIST_EDWARDS25519"
  | "SM2"
  | "ML_DSA_44"
  | "ML_DSA_65"
  | "ML_DSA_87"
  | "ML_KEM_512"
  | "ML_KEM_768"
  | "ML_KEM_1024";

/** The values of the KMS's `SigningAlgorithm`. */
export type SigningAlgorithm =
  | "RSASSA_PSS_SHA_256"
  | "RSASSA_PSS_SHA_384"
  | "RSASSA_PSS_SHA_512"
  | "RSASSA_PKCS1_V1_5_SHA_256"
  | "RSASSA_PKCS1_V1_5_SHA_384"
  | "RSASSA_PKCS1_V1_5_SHA_512"
  | "ECDSA_SHA_256"
  | "ECDSA_SHA_384"
  | "ECDSA_SHA_512"
  | "ED25519_SHA_512"
  | "ED25519_PH_SHA_512"
  | "SM2DSA"
  | "ML_DSA_SHAKE_256";

/** The asymmetric values of the KMS's `EncryptionAlgorithm`. */
export type PublicKeyEncryptionAlgorithm = "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256" | "SM2PKE";

/**
 * What a message to sign is: `RAW`, hashed by the algorithm; `DIGEST`, hashed already; `EXTERNAL_MU`, the 64-byte
 * representative μ of ML-DSA (FIPS 204 §6.2).
 */
export type MessageType = "RAW" | "DIGEST" | "EXTERNAL_MU";

/** @returns that many bytes that nobody can guess */
export type RandomBytes = (length: number) => Uint8Array;

/** A new key pair. */
export interface GeneratedKeyPair {
  /** DER of PKCS#8 (RFC 5958); the caller's to wipe */
  readonly privateKey: Uint8Array;
  /** DER of SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) */
  readonly publicKey: Uint8Array;
}

/** One asymmetric key spec. */
export interface KeyPairAlgorithm {
  readonly keySpec: KeyPairSpec;
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  readonly encryptionAlgorithms: readonly PublicKeyEncryptionAlgorithm[];
  /** whether keys agree on a shared secret by ECDH */
  readonly agreesKeys: boolean;
  /** whether keys are those of a key encapsulation mechanism */
  readonly encapsulates: boolean;

  /** @param random the source of the key; RSA takes the platform's own instead, as Web Crypto offers no other */
  generate(random: RandomBytes): Promise<GeneratedKeyPair>;

  /**
   * Parses a private key and checks that its parts belong together.
   *
   * @param pkcs8 DER; absorbed, and the caller's to wipe
   * @throws {KeyPairError} `InvalidPrivateKey`
   */
  importPrivateKey(pkcs8: Uint8Array): Promise<PrivateKey>;

  /**
   * Parses a public key and checks that it is valid.
   *
   * @param spki DER
   * @throws {KeyPairError} `InvalidPublicKey`
   */
  importPublicKey(spki: Uint8Array): Promise<PublicKey>;
}

/** A parsed private key. What its spec can't do is refused. Holds secrets: call {@link PrivateKey.destroy}. */
export abstract class PrivateKey {
  abstract readonly keySpec: KeyPairSpec;

  /** the public key that belongs to it, DER of SubjectPublicKeyInfo; but for ML-KEM, it tells private keys apart */
  abstract readonly publicKey: Uint8Array;

  /** Wipes what can be wiped. The key can't be used afterwards. */
  abstract destroy(): void;

  /**
   * Signs.
   *
   * @param message any length if `RAW`, else exactly that of the algorithm's digest or μ
   * @param random  for algorithms that sign with fresh randomness: PSS's salt, ML-DSA's hedge, SM2's nonce
   * @throws {KeyPairError} `UnsupportedAlgorithm` or `InvalidMessage`
   */
  async sign(
    algorithm: SigningAlgorithm,
    _message: Uint8Array,
    _messageType: MessageType,
    _random: RandomBytes,
  ): Promise<Uint8Array> {
    throw unsupported(this.keySpec, algorithm);
  }

  /** @throws {KeyPairError} `UnsupportedAlgorithm` or `InvalidCiphertext` */
  async decrypt(algorithm: PublicKeyEncryptionAlgorithm, _ciphertext: Uint8Array): Promise<Uint8Array> {
    throw unsupported(this.keySpec, algorithm);
  }

  /**
   * ECDH (NIST SP 800-56A §5.7.1.2).
   *
   * @param peerPublicKey DER of SubjectPublicKeyInfo, on the same curve
   * @returns the x-coordinate, as long as the curve's field
   * @throws {KeyPairError} `UnsupportedAlgorithm` or `InvalidPublicKey`
   */
  async deriveSharedSecret(_peerPublicKey: Uint8Array): Promise<Uint8Array> {
    throw unsupported(this.keySpec, "ECDH");
  }

  /**
   * ML-KEM.Decaps (FIPS 203 §7.3). A ciphertext of the right length always gives a secret, if not the sender's.
   *
   * @returns 32 bytes
   * @throws {KeyPairError} `UnsupportedAlgorithm` or `InvalidCiphertext`
   */
  async decapsulate(_ciphertext: Uint8Array): Promise<Uint8Array> {
    throw unsupported(this.keySpec, "decapsulation");
  }
}

/** A parsed public key. What its spec can't do is refused. */
export abstract class PublicKey {
  abstract readonly keySpec: KeyPairSpec;

  /**
   * Verifies.
   *
   * @returns whether the signature is this key's over this message; a malformed signature is not
   * @throws {KeyPairError} `UnsupportedAlgorithm` or `InvalidMessage`
   */
  async verify(
    algorithm: SigningAlgorithm,
    _message: Uint8Array,
    _messageType: MessageType,
    _signature: Uint8Array,
  ): Promise<boolean> {
    throw unsupported(this.keySpec, algorithm);
  }

  /** @throws {KeyPairError} `UnsupportedAlgorithm`, or `InvalidMessage` if the plaintext is too long for the key */
  async encrypt(
    algorithm: PublicKeyEncryptionAlgorithm,
    _plaintext: Uint8Array,
    _random: RandomBytes,
  ): Promise<Uint8Array> {
    throw unsupported(this.keySpec, algorithm);
  }

  /**
   * ML-KEM.Encaps (FIPS 203 §7.2).
   *
   * @throws {KeyPairError} `UnsupportedAlgorithm`
   */
  async encapsulate(_random: RandomBytes): Promise<Encapsulation> {
    throw unsupported(this.keySpec, "encapsulation");
  }
}

/** A shared secret of 32 bytes, and the ciphertext that carries it. */
export interface Encapsulation {
  readonly sharedSecret: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The error for what a spec has no algorithm for. */
export function unsupported(keySpec: KeyPairSpec, what: string): KeyPairError {
  return new KeyPairError("UnsupportedAlgorithm", `${keySpec} keys don't support ${what}`);
}
