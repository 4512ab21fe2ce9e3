/**
 * ECDSA (FIPS 186-5 §6) and ECDH (NIST SP 800-56A §5.7.1.2) on the NIST curves and secp256k1. Web Crypto does `RAW` messages
 * and key agreement on the curves that it has; `@noble/curves` does all the rest, and every check of a key.
 *
 * Our own nonces are derived by RFC 6979 with fresh randomness mixed in (§3.6), so that neither a bad source of randomness nor a
 * fault gives a key away. Signatures are the DER of Ecdsa-Sig-Value (RFC 3279 §2.2.3); s may be in either half of its
 * range, as the KMS has it.
 */
import type { ECDSA } from "@noble/curves/abstract/weierstrass.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { SECP256K1, SECP256R1, SECP384R1, SECP521R1 } from "./asn1/object-identifiers.ts";
import { generateEcKeyPair, sharedCoordinate } from "./elliptic/generate.ts";
import {
  encodeEcPrivateKey,
  encodeEcPublicKey,
  parseEcPrivateKey,
  parseEcPublicKey,
  type ScalarAndPoint,
} from "./elliptic/key-format.ts";
import type { NamedCurve } from "./elliptic/named-curve.ts";
import {
  deriveNatively,
  type NativeCurve,
  type NativeKeys,
  nativeKeys,
  signNatively,
  verifyNatively,
} from "./elliptic/web-crypto.ts";
import {
  type KeyPairAlgorithm,
  type KeyPairSpec,
  type MessageType,
  PrivateKey,
  PublicKey,
  type PublicKeyEncryptionAlgorithm,
  type RandomBytes,
  type SigningAlgorithm,
  unsupported,
} from "./key-pair.ts";
import { digestOf } from "./message.ts";

interface EcdsaCurve extends NamedCurve {
  readonly arithmetic: ECDSA;
  readonly hash: typeof sha256 | typeof sha384 | typeof sha512;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly agreesKeys: boolean;
  /** undefined if Web Crypto does not have the curve */
  readonly native: NativeCurve | undefined;
}

export const eccNistP256: KeyPairAlgorithm = ecdsaKeys({
  keySpec: "ECC_NIST_P256",
  objectIdentifier: SECP256R1,
  arithmetic: p256,
  fieldLength: 32,
  hash: sha256,
  signingAlgorithm: "ECDSA_SHA_256",
  agreesKeys: true,
  native: { namedCurve: "P-256", hash: "SHA-256" },
});

export const eccNistP384: KeyPairAlgorithm = ecdsaKeys({
  keySpec: "ECC_NIST_P384",
  objectIdentifier: SECP384R1,
  arithmetic: p384,
  fieldLength: 48,
  hash: sha384,
  signingAlgorithm: "ECDSA_SHA_384",
  agreesKeys: true,
  native: { namedCurve: "P-384", hash: "SHA-384" },
});

export const eccNistP521: KeyPairAlgorithm = ecdsaKeys({
  keySpec: "ECC_NIST_P521",
  objectIdentifier: SECP521R1,
  arithmetic: p521,
  fieldLength: 66,
  hash: sha512,
  signingAlgorithm: "ECDSA_SHA_512",
  agreesKeys: true,
  native: { namedCurve: "P-521", hash: "SHA-512" },
});

export const eccSecgP256k1: KeyPairAlgorithm = ecdsaKeys({
  keySpec: "ECC_SECG_P256K1",
  objectIdentifier: SECP256K1,
  arithmetic: secp256k1,
  fieldLength: 32,
  hash: sha256,
  signingAlgorithm: "ECDSA_SHA_256",
  agreesKeys: false,
  native: undefined,
});

function ecdsaKeys(curve: EcdsaCurve): KeyPairAlgorithm {
  const encryptionAlgorithms: readonly PublicKeyEncryptionAlgorithm[] = [];
  return {
    keySpec: curve.keySpec,
    signingAlgorithms: [curve.signingAlgorithm],
    encryptionAlgorithms,
    agreesKeys: curve.agreesKeys,
    encapsulates: false,
    generate: async (random) => generateEcKeyPair(curve, random),
    importPrivateKey: async (pkcs8) => new EcdsaPrivateKey(curve, parseEcPrivateKey(curve, pkcs8)),
    importPublicKey: async (spki) => new EcdsaPublicKey(curve, parseEcPublicKey(curve, spki)),
  };
}

class EcdsaPrivateKey extends PrivateKey {
  readonly keySpec: KeyPairSpec;
  readonly publicKey: Uint8Array;
  readonly #curve: EcdsaCurve;
  readonly #scalar: Uint8Array;
  readonly #native: NativeKeys;

  constructor(curve: EcdsaCurve, key: ScalarAndPoint) {
    super();
    this.keySpec = curve.keySpec;
    this.publicKey = encodeEcPublicKey(curve, key.point);
    this.#curve = curve;
    this.#scalar = key.scalar;
    this.#native = nativeKeys(curve.native, "pkcs8", () => encodeEcPrivateKey(curve, key));
  }

  override async sign(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    random: RandomBytes,
  ): Promise<Uint8Array> {
    const { arithmetic, hash, fieldLength, native } = this.#curve;
    expectAlgorithm(this.#curve, algorithm);
    const key = messageType === "RAW" ? await this.#native.forPurpose("ECDSA") : undefined;
    if (key !== undefined && native !== undefined) return await signNatively(key, native, message);
    const digest = digestOf(algorithm, hash, message, messageType);
    const extraEntropy = random(fieldLength);
    return arithmetic.sign(digest, this.#scalar, {
      prehash: false,
      lowS: false,
      format: "der",
      extraEntropy,
    });
  }

  override async deriveSharedSecret(peerPublicKey: Uint8Array): Promise<Uint8Array> {
    if (!this.#curve.agreesKeys) throw unsupported(this.keySpec, "ECDH");
    const key = await this.#native.forPurpose("ECDH");
    if (key === undefined) return sharedCoordinate(this.#curve, this.#scalar, peerPublicKey);
    const point = parseEcPublicKey(this.#curve, peerPublicKey);
    const peer = nativeKeys(this.#curve.native, "spki", () => encodeEcPublicKey(this.#curve, point));
    const peerKey = await peer.forPurpose("ECDH");
    if (peerKey === undefined) return sharedCoordinate(this.#curve, this.#scalar, peerPublicKey);
    return await deriveNatively(key, peerKey, this.#curve.fieldLength);
  }

  override destroy(): void {
    this.#scalar.fill(0);
    this.#native.forget();
  }
}

class EcdsaPublicKey extends PublicKey {
  readonly keySpec: KeyPairSpec;
  readonly #curve: EcdsaCurve;
  readonly #point: Uint8Array;
  readonly #native: NativeKeys;

  constructor(curve: EcdsaCurve, point: Uint8Array) {
    super();
    this.keySpec = curve.keySpec;
    this.#curve = curve;
    this.#point = point;
    this.#native = nativeKeys(curve.native, "spki", () => encodeEcPublicKey(curve, point));
  }

  override async verify(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    signature: Uint8Array,
  ): Promise<boolean> {
    const { arithmetic, hash, native, fieldLength } = this.#curve;
    expectAlgorithm(this.#curve, algorithm);
    const key = messageType === "RAW" ? await this.#native.forPurpose("ECDSA") : undefined;
    if (key !== undefined && native !== undefined) {
      return await verifyNatively(key, native, message, signature, fieldLength);
    }
    const digest = digestOf(algorithm, hash, message, messageType);
    return arithmetic.verify(signature, digest, this.#point, { prehash: false, lowS: false, format: "der" });
  }
}

function expectAlgorithm(curve: EcdsaCurve, algorithm: SigningAlgorithm): void {
  if (algorithm !== curve.signingAlgorithm) throw unsupported(curve.keySpec, algorithm);
}
