/**
 * ML-DSA (FIPS 204) over `@noble/post-quantum`: pure ML-DSA with an empty context, and the same with the message
 * representative μ computed by the caller (§6.2, Algorithm 7, line 6). Signing is hedged with fresh randomness (§3.4).
 */
import { type DSA, ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
import { ML_DSA_44, ML_DSA_65, ML_DSA_87 } from "./asn1/object-identifiers.ts";
import {
  type KeyPairAlgorithm,
  type KeyPairSpec,
  type MessageType,
  PrivateKey,
  PublicKey,
  type RandomBytes,
  type SigningAlgorithm,
  unsupported,
} from "./key-pair.ts";
import { expectMessageLength, unsupportedMessageType } from "./message.ts";
import {
  type ExpandedKeyPair,
  encodeRawPublicKey,
  encodeSeedPrivateKey,
  type ParameterSet,
  parseRawPublicKey,
  parseSeedPrivateKey,
} from "./post-quantum/key-format.ts";

const ALGORITHM = "ML_DSA_SHAKE_256";

/** Length of the seed ξ in bytes (FIPS 204, Algorithm 1), and of the hedge rnd (Algorithm 2). */
const SEED_LENGTH = 32;

/** Length of μ in bytes (FIPS 204, Algorithm 7, line 6). */
const MU_LENGTH = 64;

interface MlDsaSet extends ParameterSet {
  readonly dsa: DSA;
}

/** Public keys are 1,312 bytes, signatures 2,420 (FIPS 204, Table 2). */
export const mlDsa44: KeyPairAlgorithm = mlDsaKeys("ML_DSA_44", ML_DSA_44, ml_dsa44, 1312);

/** Public keys are 1,952 bytes, signatures 3,309 (FIPS 204, Table 2). */
export const mlDsa65: KeyPairAlgorithm = mlDsaKeys("ML_DSA_65", ML_DSA_65, ml_dsa65, 1952);

/** Public keys are 2,592 bytes, signatures 4,627 (FIPS 204, Table 2). */
export const mlDsa87: KeyPairAlgorithm = mlDsaKeys("ML_DSA_87", ML_DSA_87, ml_dsa87, 2592);

function mlDsaKeys(
  keySpec: KeyPairSpec,
  objectIdentifier: Uint8Array,
  dsa: DSA,
  publicKeyLength: number,
): KeyPairAlgorithm {
  const keygen = (seed: Uint8Array) => dsa.keygen(seed);
  const set: MlDsaSet = { keySpec, objectIdentifier, seedLength: SEED_LENGTH, publicKeyLength, keygen, dsa };
  return {
    keySpec,
    signingAlgorithms: [ALGORITHM],
    encryptionAlgorithms: [],
    agreesKeys: false,
    encapsulates: false,
    generate: async (random) => {
      const seed = random(SEED_LENGTH);
      const privateKey = encodeSeedPrivateKey(set, seed);
      const { secretKey, publicKey } = keygen(seed);
      secretKey.fill(0);
      seed.fill(0);
      return { privateKey, publicKey: encodeRawPublicKey(set, publicKey) };
    },
    importPrivateKey: async (pkcs8) => new MlDsaPrivateKey(set, parseSeedPrivateKey(set, pkcs8)),
    importPublicKey: async (spki) => new MlDsaPublicKey(set, parseRawPublicKey(set, spki)),
  };
}

class MlDsaPrivateKey extends PrivateKey {
  readonly keySpec: KeyPairSpec;
  readonly publicKey: Uint8Array;
  readonly #dsa: DSA;
  readonly #secretKey: Uint8Array;

  constructor(set: MlDsaSet, { secretKey, publicKey }: ExpandedKeyPair) {
    super();
    this.keySpec = set.keySpec;
    this.publicKey = encodeRawPublicKey(set, publicKey);
    this.#dsa = set.dsa;
    this.#secretKey = secretKey;
  }

  override async sign(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    random: RandomBytes,
  ): Promise<Uint8Array> {
    expectMessage(this.keySpec, algorithm, message, messageType);
    const extraEntropy = random(SEED_LENGTH);
    return messageType === "RAW"
      ? this.#dsa.sign(message, this.#secretKey, { extraEntropy })
      : this.#dsa.internal.sign(message, this.#secretKey, { extraEntropy, externalMu: true });
  }

  override destroy(): void {
    this.#secretKey.fill(0);
  }
}

class MlDsaPublicKey extends PublicKey {
  readonly keySpec: KeyPairSpec;
  readonly #dsa: DSA;
  readonly #publicKey: Uint8Array;

  constructor(set: MlDsaSet, publicKey: Uint8Array) {
    super();
    this.keySpec = set.keySpec;
    this.#dsa = set.dsa;
    this.#publicKey = publicKey;
  }

  override async verify(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    signature: Uint8Array,
  ): Promise<boolean> {
    expectMessage(this.keySpec, algorithm, message, messageType);
    if (signature.length !== this.#dsa.lengths.signature) return false;
    return messageType === "RAW"
      ? this.#dsa.verify(signature, message, this.#publicKey)
      : this.#dsa.internal.verify(signature, message, this.#publicKey, { externalMu: true });
  }
}

function expectMessage(
  keySpec: KeyPairSpec,
  algorithm: SigningAlgorithm,
  message: Uint8Array,
  messageType: MessageType,
): void {
  if (algorithm !== ALGORITHM) throw unsupported(keySpec, algorithm);
  if (messageType === "DIGEST") throw unsupportedMessageType(algorithm, messageType);
  if (messageType === "EXTERNAL_MU") expectMessageLength("μ", message, MU_LENGTH);
}
