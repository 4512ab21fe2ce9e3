/**
 * RSA (RFC 8017, FIPS 186-5 §5) with keys of 2,048, 3,072 and 4,096 bits.
 *
 * Web Crypto makes keys, signs and verifies `RAW` messages, encrypts and decrypts. It hashes whatever it signs, so that a
 * `DIGEST` is signed and verified here, on BigInt: docs/decisions/0073-rsa.md.
 */
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
import { KeyPairError } from "./key-pair-error.ts";
import { digestOf } from "./message.ts";
import { encodePkcs1, encodePss, verifyPss } from "./rsa/encoding.ts";
import { RSA_SCHEMES, type RsaSignatureScheme } from "./rsa/hash.ts";
import { powerModulo, toInteger, toOctets } from "./rsa/integers.ts";
import {
  encodeRsaPublicKey,
  parseRsaPrivateKey,
  parseRsaPublicKey,
  type RsaPrivateNumbers,
  type RsaPublicNumbers,
  type RsaSize,
} from "./rsa/key-format.ts";
import { rsaPrivateOperation } from "./rsa/private-operation.ts";
import { importRsaKey, type RsaCryptoKeys, rsaCryptoKeys } from "./rsa/web-crypto-keys.ts";
import { webCryptoBytes } from "./web-crypto-bytes.ts";

const OAEP_HASHES: ReadonlyMap<
  PublicKeyEncryptionAlgorithm,
  { readonly name: string; readonly length: number }
> = new Map([
  ["RSAES_OAEP_SHA_1", { name: "SHA-1", length: 20 }],
  ["RSAES_OAEP_SHA_256", { name: "SHA-256", length: 32 }],
]);

export const rsa2048: KeyPairAlgorithm = rsaKeys({ keySpec: "RSA_2048", modulusBits: 2048 });
export const rsa3072: KeyPairAlgorithm = rsaKeys({ keySpec: "RSA_3072", modulusBits: 3072 });
export const rsa4096: KeyPairAlgorithm = rsaKeys({ keySpec: "RSA_4096", modulusBits: 4096 });

/**
 * A public key of any of these sizes.
 *
 * @param spki DER of SubjectPublicKeyInfo
 * @throws {KeyPairError} `InvalidPublicKey`
 */
export async function importRsaPublicKey(spki: Uint8Array): Promise<PublicKey> {
  for (const { importPublicKey } of [rsa2048, rsa3072, rsa4096]) {
    const key = await importPublicKey(spki).catch(() => undefined);
    if (key !== undefined) return key;
  }
  throw new KeyPairError("InvalidPublicKey", "expected an RSA public key of 2,048, 3,072 or 4,096 bits");
}

function rsaKeys(size: RsaSize): KeyPairAlgorithm {
  return {
    keySpec: size.keySpec,
    signingAlgorithms: [...RSA_SCHEMES.keys()],
    encryptionAlgorithms: [...OAEP_HASHES.keys()],
    agreesKeys: false,
    encapsulates: false,
    generate: async () => {
      const algorithm = {
        name: "RSASSA-PKCS1-v1_5",
        hash: "SHA-256",
        modulusLength: size.modulusBits,
        publicExponent: Uint8Array.of(1, 0, 1),
      };
      const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      return {
        privateKey: new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)),
        publicKey: new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
      };
    },
    importPrivateKey: async (pkcs8) => {
      const numbers = parseRsaPrivateKey(size, pkcs8);
      const key = new RsaPrivateKey(size, pkcs8.slice(), encodeRsaPublicKey(numbers));
      await expectWorking(key, new RsaPublicKey(size, numbers, key.publicKey));
      return key;
    },
    importPublicKey: async (spki) => new RsaPublicKey(size, parseRsaPublicKey(size, spki), spki.slice()),
  };
}

/** Pairwise consistency: a key whose "primes" are not prime signs nothing that verifies. */
async function expectWorking(secret: RsaPrivateKey, shared: RsaPublicKey): Promise<void> {
  const algorithm = "RSASSA_PKCS1_V1_5_SHA_256";
  // Random: numbers that were chosen to be right for one known message must not pass.
  const message = crypto.getRandomValues(new Uint8Array(32));
  const works = await secret
    .signRaw(algorithm, message)
    .then((signature) => shared.verify(algorithm, message, "RAW", signature))
    // Web Crypto may already refuse to take the key, or to sign with it.
    .catch(() => false);
  if (works) return;
  secret.destroy();
  throw new KeyPairError(
    "InvalidPrivateKey",
    `${secret.keySpec} private key: expected two primes, got other numbers`,
  );
}

class RsaPrivateKey extends PrivateKey {
  readonly keySpec: KeyPairSpec;
  readonly publicKey: Uint8Array;
  readonly #size: RsaSize;
  readonly #pkcs8: Uint8Array;
  readonly #keys: RsaCryptoKeys;

  constructor(size: RsaSize, pkcs8: Uint8Array, publicKey: Uint8Array) {
    super();
    this.keySpec = size.keySpec;
    this.publicKey = publicKey;
    this.#size = size;
    this.#pkcs8 = pkcs8;
    this.#keys = rsaCryptoKeys((name, hash) =>
      importRsaKey("pkcs8", pkcs8, name, hash, name === "RSA-OAEP" ? "decrypt" : "sign"),
    );
  }

  override async sign(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    random: RandomBytes,
  ): Promise<Uint8Array> {
    const scheme = schemeOf(this.keySpec, algorithm);
    if (messageType === "RAW") return await this.signRaw(algorithm, message);
    const digest = digestOf(algorithm, scheme.hash.hash, message, messageType);
    const numbers: RsaPrivateNumbers = parseRsaPrivateKey(this.#size, this.#pkcs8);
    const length = this.#size.modulusBits / 8;
    const encoded =
      scheme.padding === "PSS"
        ? encodePss(scheme.hash, digest, random(digest.length), length)
        : encodePkcs1(scheme.hash, digest, length);
    return toOctets(rsaPrivateOperation(numbers, toInteger(encoded), random), length);
  }

  /** By Web Crypto, with its own randomness. */
  async signRaw(algorithm: SigningAlgorithm, message: Uint8Array): Promise<Uint8Array> {
    const { parameters, key } = await this.#keys.forScheme(schemeOf(this.keySpec, algorithm));
    return new Uint8Array(await crypto.subtle.sign(parameters, key, webCryptoBytes(message)));
  }

  override async decrypt(
    algorithm: PublicKeyEncryptionAlgorithm,
    ciphertext: Uint8Array,
  ): Promise<Uint8Array> {
    const hash = OAEP_HASHES.get(algorithm);
    if (hash === undefined) throw unsupported(this.keySpec, algorithm);
    const key = await this.#keys.forEncryption(hash.name);
    if (ciphertext.length === this.#size.modulusBits / 8) {
      const opened = await crypto.subtle
        .decrypt({ name: "RSA-OAEP" }, key, webCryptoBytes(ciphertext))
        .catch(() => undefined);
      if (opened !== undefined) return new Uint8Array(opened);
    }
    // One and the same error for every ciphertext: telling them apart would be Manger's oracle (CRYPTO 2001).
    throw new KeyPairError("InvalidCiphertext", `${this.keySpec} ciphertext does not decrypt`);
  }

  override destroy(): void {
    this.#pkcs8.fill(0);
    this.#keys.forget();
  }
}

class RsaPublicKey extends PublicKey {
  readonly keySpec: KeyPairSpec;
  readonly #size: RsaSize;
  readonly #numbers: RsaPublicNumbers;
  readonly #keys: RsaCryptoKeys;

  constructor(size: RsaSize, numbers: RsaPublicNumbers, spki: Uint8Array) {
    super();
    this.keySpec = size.keySpec;
    this.#size = size;
    this.#numbers = numbers;
    this.#keys = rsaCryptoKeys((name, hash) =>
      importRsaKey("spki", spki, name, hash, name === "RSA-OAEP" ? "encrypt" : "verify"),
    );
  }

  override async verify(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
    signature: Uint8Array,
  ): Promise<boolean> {
    const scheme = schemeOf(this.keySpec, algorithm);
    const length = this.#size.modulusBits / 8;
    if (messageType === "RAW") {
      if (signature.length !== length) return false;
      const { parameters, key } = await this.#keys.forScheme(scheme);
      return await crypto.subtle.verify(parameters, key, webCryptoBytes(signature), webCryptoBytes(message));
    }
    const digest = digestOf(algorithm, scheme.hash.hash, message, messageType);
    const { n, e } = this.#numbers;
    const integer = toInteger(signature);
    if (signature.length !== length || integer >= n) return false;
    const encoded = toOctets(powerModulo(integer, e, n), length);
    if (scheme.padding === "PSS") return verifyPss(scheme.hash, digest, encoded);
    // Compared as a whole, not parsed: RFC 8017 §8.2.2, and Bleichenbacher's forgery of 2006.
    const expected = encodePkcs1(scheme.hash, digest, length);
    return expected.every((byte, index) => byte === encoded[index]);
  }

  override async encrypt(
    algorithm: PublicKeyEncryptionAlgorithm,
    plaintext: Uint8Array,
  ): Promise<Uint8Array> {
    const hash = OAEP_HASHES.get(algorithm);
    if (hash === undefined) throw unsupported(this.keySpec, algorithm);
    const most = this.#size.modulusBits / 8 - 2 * hash.length - 2;
    if (plaintext.length > most) {
      const message = `${algorithm} plaintext: expected at most ${most} bytes, got ${plaintext.length}`;
      throw new KeyPairError("InvalidMessage", message);
    }
    const key = await this.#keys.forEncryption(hash.name);
    return new Uint8Array(await crypto.subtle.encrypt({ name: "RSA-OAEP" }, key, webCryptoBytes(plaintext)));
  }
}

function schemeOf(keySpec: KeyPairSpec, algorithm: SigningAlgorithm): RsaSignatureScheme {
  const scheme = RSA_SCHEMES.get(algorithm);
  if (scheme === undefined) throw unsupported(keySpec, algorithm);
  return scheme;
}
