/**
 * ML-KEM (FIPS 203) over `@noble/post-quantum`. Whoever decapsulates a ciphertext that was not made for the key gets a
 * secret that nobody else has (implicit rejection, §6.3), not an error.
 */
import { type MLKEM, ml_kem512, ml_kem768, ml_kem1024 } from "@noble/post-quantum/ml-kem.js";
import { ML_KEM_512, ML_KEM_768, ML_KEM_1024 } from "./asn1/object-identifiers.ts";
import {
  type Encapsulation,
  type KeyPairAlgorithm,
  type KeyPairSpec,
  PrivateKey,
  PublicKey,
  type RandomBytes,
} from "./key-pair.ts";
import { KeyPairError, parsing } from "./key-pair-error.ts";
import {
  type ExpandedKeyPair,
  encodeRawPublicKey,
  encodeSeedPrivateKey,
  type ParameterSet,
  parseRawPublicKey,
  parseSeedPrivateKey,
} from "./post-quantum/key-format.ts";

/** Length of the seed d ‖ z in bytes (FIPS 203 §7.1). */
const SEED_LENGTH = 64;

/** Length in bytes of the randomness m that a secret is made of (FIPS 203 §7.2). */
const MESSAGE_LENGTH = 32;

interface MlKemSet extends ParameterSet {
  readonly kem: MLKEM;
  readonly ciphertextLength: number;
}

/** Public keys are 800 bytes, ciphertexts 768 (FIPS 203, Table 3). */
export const mlKem512: KeyPairAlgorithm = mlKemKeys("ML_KEM_512", ML_KEM_512, ml_kem512, 800, 768);

/** Public keys are 1,184 bytes, ciphertexts 1,088 (FIPS 203, Table 3). */
export const mlKem768: KeyPairAlgorithm = mlKemKeys("ML_KEM_768", ML_KEM_768, ml_kem768, 1184, 1088);

/** Public keys are 1,568 bytes, ciphertexts 1,568 (FIPS 203, Table 3). */
export const mlKem1024: KeyPairAlgorithm = mlKemKeys("ML_KEM_1024", ML_KEM_1024, ml_kem1024, 1568, 1568);

function mlKemKeys(
  keySpec: KeyPairSpec,
  objectIdentifier: Uint8Array,
  kem: MLKEM,
  publicKeyLength: number,
  ciphertextLength: number,
): KeyPairAlgorithm {
  const keygen = (seed: Uint8Array) => kem.keygen(seed);
  const shape = { seedLength: SEED_LENGTH, publicKeyLength, ciphertextLength };
  const set: MlKemSet = { keySpec, objectIdentifier, ...shape, keygen, kem };
  return {
    keySpec,
    signingAlgorithms: [],
    encryptionAlgorithms: [],
    agreesKeys: false,
    encapsulates: true,
    generate: async (random) => {
      const seed = random(SEED_LENGTH);
      const privateKey = encodeSeedPrivateKey(set, seed);
      const { secretKey, publicKey } = keygen(seed);
      secretKey.fill(0);
      seed.fill(0);
      return { privateKey, publicKey: encodeRawPublicKey(set, publicKey) };
    },
    importPrivateKey: async (pkcs8) => new MlKemPrivateKey(set, parseSeedPrivateKey(set, pkcs8)),
    importPublicKey: async (spki) => new MlKemPublicKey(set, parseEncapsulationKey(set, spki)),
  };
}

class MlKemPrivateKey extends PrivateKey {
  readonly keySpec: KeyPairSpec;
  readonly publicKey: Uint8Array;
  readonly #set: MlKemSet;
  readonly #secretKey: Uint8Array;

  constructor(set: MlKemSet, { secretKey, publicKey }: ExpandedKeyPair) {
    super();
    this.keySpec = set.keySpec;
    this.publicKey = encodeRawPublicKey(set, publicKey);
    this.#set = set;
    this.#secretKey = secretKey;
  }

  override async decapsulate(ciphertext: Uint8Array): Promise<Uint8Array> {
    const { kem, keySpec, ciphertextLength } = this.#set;
    if (ciphertext.length !== ciphertextLength) {
      const message = `${keySpec} ciphertext: expected ${ciphertextLength} bytes, got ${ciphertext.length}`;
      throw new KeyPairError("InvalidCiphertext", message);
    }
    return kem.decapsulate(ciphertext, this.#secretKey);
  }

  override destroy(): void {
    this.#secretKey.fill(0);
  }
}

class MlKemPublicKey extends PublicKey {
  readonly keySpec: KeyPairSpec;
  readonly #kem: MLKEM;
  readonly #publicKey: Uint8Array;

  constructor(set: MlKemSet, publicKey: Uint8Array) {
    super();
    this.keySpec = set.keySpec;
    this.#kem = set.kem;
    this.#publicKey = publicKey;
  }

  override async encapsulate(random: RandomBytes): Promise<Encapsulation> {
    const message = random(MESSAGE_LENGTH);
    const { cipherText, sharedSecret } = this.#kem.encapsulate(this.#publicKey, message);
    message.fill(0);
    return { sharedSecret, ciphertext: cipherText };
  }
}

/** The modulus check of FIPS 203 §7.2 is done here, so that a key that was parsed can encapsulate. */
function parseEncapsulationKey(set: MlKemSet, spki: Uint8Array): Uint8Array {
  const publicKey = parseRawPublicKey(set, spki);
  parsing("InvalidPublicKey", `${set.keySpec} public key`, () => set.kem.prepare(publicKey).clean());
  return publicKey;
}
