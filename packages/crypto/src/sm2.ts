/**
 * SM2 key pairs: SM2DSA signatures, SM2PKE encryption and ECDH on sm2p256v1. As at the KMS, which offers them in its China
 * Regions only, the signer's identifier is always 1234567812345678; a `DIGEST` is SM3(Z ‖ message), with the hash Z of that
 * identifier and the public key already in it.
 */
import { generateEcKeyPair, sharedCoordinate } from "./elliptic/generate.ts";
import {
  encodeEcPublicKey,
  parseEcPrivateKey,
  parseEcPublicKey,
  type ScalarAndPoint,
} from "./elliptic/key-format.ts";
import {
  type KeyPairAlgorithm,
  type MessageType,
  PrivateKey,
  PublicKey,
  type PublicKeyEncryptionAlgorithm,
  type RandomBytes,
  type SigningAlgorithm,
  unsupported,
} from "./key-pair.ts";
import { KeyPairError } from "./key-pair-error.ts";
import { digestOf } from "./message.ts";
import { SM2_NAMED_CURVE } from "./sm2/curve.ts";
import { decryptSm2, encryptSm2 } from "./sm2/encryption.ts";
import { signSm2Digest, sm2Digest, verifySm2Digest } from "./sm2/signature.ts";
import { sm3 } from "./sm2/sm3.ts";

const KEY_SPEC = "SM2";

export const sm2: KeyPairAlgorithm = {
  keySpec: KEY_SPEC,
  signingAlgorithms: ["SM2DSA"],
  encryptionAlgorithms: ["SM2PKE"],
  agreesKeys: true,
  encapsulates: false,
  generate: async (random) => generateEcKeyPair(SM2_NAMED_CURVE, random),
  importPrivateKey: async (pkcs8) => new Sm2PrivateKey(parseSm2PrivateKey(pkcs8)),
  importPublicKey: async (spki) => new Sm2PublicKey(parseEcPublicKey(SM2_NAMED_CURVE, spki)),
};

class Sm2PrivateKey extends PrivateKey {
  readonly keySpec = KEY_SPEC;
  readonly publicKey: Uint8Array;
  readonly #scalar: Uint8Array;
  readonly #point: Uint8Array;

  constructor({ scalar, point }: ScalarAndPoint) {
    super();
    this.publicKey = encodeEcPublicKey(SM2_NAMED_CURVE, point);
    this.#scalar = scalar;
    this.#point = point;
  }

  override async sign(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    random: RandomBytes,
  ): Promise<Uint8Array> {
    return signSm2Digest(this.#scalar, digestFor(this.#point, algorithm, message, messageType), random);
  }

  override async decrypt(
    algorithm: PublicKeyEncryptionAlgorithm,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array> {
    if (algorithm !== "SM2PKE") throw unsupported(KEY_SPEC, algorithm);
    return decryptSm2(this.#scalar, ciphertext);
  }

  override async deriveSharedSecret(peerPublicKey: Uint8Array): Promise<Uint8Array> {
    return sharedCoordinate(SM2_NAMED_CURVE, this.#scalar, peerPublicKey);
  }

  override destroy(): void {
    this.#scalar.fill(0);
  }
}

class Sm2PublicKey extends PublicKey {
  readonly keySpec = KEY_SPEC;
  readonly #point: Uint8Array;

  constructor(point: Uint8Array) {
    super();
    this.#point = point;
  }

  override async verify(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    signature: Uint8Array,
  ): Promise<boolean> {
    return verifySm2Digest(this.#point, digestFor(this.#point, algorithm, message, messageType), signature);
  }

  override async encrypt(
    algorithm: PublicKeyEncryptionAlgorithm,
    plaintext: Uint8Array,
    random: RandomBytes,
  ): Promise<Uint8Array> {
    if (algorithm !== "SM2PKE") throw unsupported(KEY_SPEC, algorithm);
    return encryptSm2(this.#point, plaintext, random);
  }
}

function digestFor(
  point: Uint8Array,
  algorithm: SigningAlgorithm,
  message: Uint8Array,
  messageType: MessageType,
): Uint8Array {
  if (algorithm !== "SM2DSA") throw unsupported(KEY_SPEC, algorithm);
  if (messageType === "RAW") return sm2Digest(point, message);
  return digestOf(algorithm, sm3, message, messageType);
}

/** GB/T 32918.1 §6.1: 1 to n − 2, as signing divides by 1 + d. */
function parseSm2PrivateKey(pkcs8: Uint8Array): ScalarAndPoint {
  const key = parseEcPrivateKey(SM2_NAMED_CURVE, pkcs8);
  const { Fn } = SM2_NAMED_CURVE.arithmetic.Point;
  if (Fn.add(Fn.fromBytes(key.scalar), 1n) === 0n) {
    throw new KeyPairError("InvalidPrivateKey", "SM2 private key: expected 1 to n − 2, got n − 1");
  }
  return key;
}
