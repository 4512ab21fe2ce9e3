/**
 * Ed25519 and Ed25519ph (RFC 8032 §5.1, FIPS 186-5 §7), over `@noble/curves`. Keys as in RFC 8410.
 *
 * `ED25519_SHA_512` signs a `RAW` message. `ED25519_PH_SHA_512` takes a `DIGEST` of 64 bytes and, as the KMS documents,
 * does the prehash of FIPS 186-5 §7.8.1 itself: what the caller hashed is hashed once more.
 */
import { ed25519, ed25519ph } from "@noble/curves/ed25519.js";
import { DerError, DerReader, DerTag, der } from "./asn1/der.ts";
import {
  encodeAlgorithm,
  encodePrivateKeyInfo,
  encodePublicKeyInfo,
  type KeyInfo,
  parsePrivateKeyInfo,
  parsePublicKeyInfo,
  sameElement,
} from "./asn1/key-info.ts";
import { ED25519 } from "./asn1/object-identifiers.ts";
import {
  type KeyPairAlgorithm,
  type MessageType,
  PrivateKey,
  PublicKey,
  type SigningAlgorithm,
  unsupported,
} from "./key-pair.ts";
import { parsing } from "./key-pair-error.ts";
import { expectMessageLength, unsupportedMessageType } from "./message.ts";

const KEY_SPEC = "ECC_NIST_EDWARDS25519";

/** Length of private keys and of public keys in bytes (RFC 8032 §5.1.5). */
const KEY_LENGTH = 32;

/** Length in bytes of the SHA-512 digest that a `DIGEST` message is. */
const DIGEST_LENGTH = 64;

export const eccNistEdwards25519: KeyPairAlgorithm = {
  keySpec: KEY_SPEC,
  signingAlgorithms: ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
  encryptionAlgorithms: [],
  agreesKeys: false,
  encapsulates: false,
  generate: async (random) => {
    const seed = random(KEY_LENGTH);
    const inner = der(DerTag.octetString, seed);
    const pair = {
      privateKey: encodePrivateKeyInfo(encodeAlgorithm(ED25519), inner),
      publicKey: encodePublicKeyInfo(encodeAlgorithm(ED25519), ed25519.getPublicKey(seed)),
    };
    inner.fill(0);
    seed.fill(0);
    return pair;
  },
  importPrivateKey: async (pkcs8) => new Ed25519PrivateKey(parsePrivateKey(pkcs8)),
  importPublicKey: async (spki) => new Ed25519PublicKey(parsePublicKey(spki)),
};

class Ed25519PrivateKey extends PrivateKey {
  readonly keySpec = KEY_SPEC;
  readonly publicKey: Uint8Array;
  readonly #seed: Uint8Array;

  constructor(seed: Uint8Array) {
    super();
    this.publicKey = encodePublicKeyInfo(encodeAlgorithm(ED25519), ed25519.getPublicKey(seed));
    this.#seed = seed;
  }

  override async sign(
    algorithm: SigningAlgorithm,
    message: Uint8Array,
    messageType: MessageType,
  ): Promise<Uint8Array> {
    return variantFor(algorithm, message, messageType).sign(message, this.#seed);
  }

  override destroy(): void {
    this.#seed.fill(0);
  }
}

class Ed25519PublicKey extends PublicKey {
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
    const variant = variantFor(algorithm, message, messageType);
    if (signature.length !== variant.lengths.signature) return false;
    // FIPS 186-5 §7.7, not ZIP 215: encodings of points must be canonical.
    return variant.verify(signature, message, this.#point, { zip215: false });
  }
}

function variantFor(algorithm: SigningAlgorithm, message: Uint8Array, messageType: MessageType) {
  if (algorithm === "ED25519_SHA_512") {
    if (messageType !== "RAW") throw unsupportedMessageType(algorithm, messageType);
    return ed25519;
  }
  if (algorithm !== "ED25519_PH_SHA_512") throw unsupported(KEY_SPEC, algorithm);
  if (messageType !== "DIGEST") throw unsupportedMessageType(algorithm, messageType);
  expectMessageLength(algorithm, message, DIGEST_LENGTH);
  return ed25519ph;
}

/** CurvePrivateKey (RFC 8410 §7): an OCTET STRING in the OCTET STRING. */
function parsePrivateKey(pkcs8: Uint8Array): Uint8Array {
  return parsing("InvalidPrivateKey", `${KEY_SPEC} private key`, () => {
    const info = parsePrivateKeyInfo(pkcs8);
    expectEd25519(info);
    const reader = new DerReader(info.key);
    const seed = reader.read(DerTag.octetString);
    reader.expectEnd();
    if (seed.length !== KEY_LENGTH) throw new DerError(`expected ${KEY_LENGTH} bytes, got ${seed.length}`);
    if (info.publicKey !== undefined && !sameElement(info.publicKey, ed25519.getPublicKey(seed))) {
      throw new DerError("its public key does not belong to it");
    }
    return seed.slice();
  });
}

function parsePublicKey(spki: Uint8Array): Uint8Array {
  return parsing("InvalidPublicKey", `${KEY_SPEC} public key`, () => {
    const info = parsePublicKeyInfo(spki);
    expectEd25519(info);
    if (!ed25519.utils.isValidPublicKey(info.key, false)) throw new DerError("expected a point of the curve");
    return info.key.slice();
  });
}

function expectEd25519(info: KeyInfo): void {
  if (!sameElement(info.algorithm, ED25519)) throw new DerError("expected id-Ed25519, got another algorithm");
  if (info.parameters !== undefined) throw new DerError("expected no parameters, got some");
}
