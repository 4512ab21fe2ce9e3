/**
 * CMS EnvelopedData (RFC 5652 §6): content under AES-256-CBC, its key under one recipient's RSA key by RSAES-OAEP with SHA-256
 * (RFC 3560), the recipient named by the SHA-256 digest of its SubjectPublicKeyInfo.
 *
 * Encoded as AWS KMS does, in BER with indefinite lengths (X.690 §8.1.3.6), since its clients read just that.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { DerTag, der, derSequence } from "./asn1/der.ts";
import { encodeAlgorithm } from "./asn1/key-info.ts";
import type { PublicKey, RandomBytes } from "./key-pair.ts";
import { importRsaPublicKey } from "./rsa.ts";
import { webCryptoBytes } from "./web-crypto-bytes.ts";

/** id-envelopedData, 1.2.840.113549.1.7.3 (RFC 5652 §6.1) */
const ENVELOPED_DATA = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03);
/** id-data, 1.2.840.113549.1.7.1 (RFC 5652 §4) */
const DATA = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01);
/** id-RSAES-OAEP, 1.2.840.113549.1.1.7 (RFC 8017 appendix A.2.1) */
const RSAES_OAEP = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07);
/** id-mgf1, 1.2.840.113549.1.1.8 (RFC 8017 appendix A.2.1) */
const MGF1 = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08);
/** id-sha256, 2.16.840.1.101.3.4.2.1 (RFC 8017 appendix B.1) */
const SHA_256 = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
/** id-aes256-CBC, 2.16.840.1.101.3.4.1.42 (RFC 3565 §4.1) */
const AES_256_CBC = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a);

/** The SET of recipients. */
const SET = 0x31;
/** Where a constructed element has no length but an end. */
const INDEFINITE = 0x80;
/** `end-of-contents` */
const END = Uint8Array.of(0, 0);
/** CMSVersion 2, of EnvelopedData and of a recipient that is named by a key identifier (RFC 5652 §6.1, §6.2.1). */
const VERSION_2 = Uint8Array.of(DerTag.integer, 1, 2);

const KEY_LENGTH = 32;
const IV_LENGTH = 16;
/** Bytes of each piece of the content. */
const PIECE_LENGTH = 1000;

/** Whom content can be sealed for. */
export interface EnvelopeRecipient {
  readonly key: PublicKey;
  /** SHA-256 of the key's SubjectPublicKeyInfo */
  readonly identifier: Uint8Array;
}

/**
 * @param spki DER of SubjectPublicKeyInfo: RSA of 2,048, 3,072 or 4,096 bits
 * @throws {KeyPairError} `InvalidPublicKey`
 */
export async function envelopeRecipient(spki: Uint8Array): Promise<EnvelopeRecipient> {
  return { key: await importRsaPublicKey(spki), identifier: sha256(spki) };
}

/** Seals content for the recipient alone. The content is the caller's to wipe. */
export async function sealEnvelope(
  recipient: EnvelopeRecipient,
  content: Uint8Array,
  random: RandomBytes,
): Promise<Uint8Array> {
  const contentKey = random(KEY_LENGTH);
  const iv = random(IV_LENGTH);
  try {
    const encryptedKey = await recipient.key.encrypt("RSAES_OAEP_SHA_256", contentKey, random);
    const encryptedContent = await encryptContent(contentKey, iv, content);
    return contentInfo(
      indefinite(
        DerTag.sequence,
        VERSION_2,
        der(SET, keyTransport(recipient.identifier, encryptedKey)),
        indefinite(
          DerTag.sequence,
          der(DerTag.objectIdentifier, DATA),
          encodeAlgorithm(AES_256_CBC, der(DerTag.octetString, iv)),
          indefinite(DerTag.context0, ...pieces(encryptedContent)),
        ),
      ),
    );
  } finally {
    contentKey.fill(0);
  }
}

/** Pads as PKCS #7 does (RFC 5652 §6.3). */
async function encryptContent(
  contentKey: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", webCryptoBytes(contentKey), "AES-CBC", false, ["encrypt"]);
  const algorithm = { name: "AES-CBC", iv: webCryptoBytes(iv) };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, webCryptoBytes(content)));
}

function contentInfo(content: Uint8Array): Uint8Array {
  return indefinite(
    DerTag.sequence,
    der(DerTag.objectIdentifier, ENVELOPED_DATA),
    indefinite(DerTag.context0, content),
  );
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1). */
function keyTransport(identifier: Uint8Array, encryptedKey: Uint8Array): Uint8Array {
  const hash = encodeAlgorithm(SHA_256, der(DerTag.null));
  const parameters = derSequence(
    der(DerTag.context0, hash),
    der(DerTag.context1, encodeAlgorithm(MGF1, hash)),
  );
  return derSequence(
    VERSION_2,
    der(DerTag.primitive0, identifier),
    encodeAlgorithm(RSAES_OAEP, parameters),
    der(DerTag.octetString, encryptedKey),
  );
}

function pieces(content: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(content.length / PIECE_LENGTH) }, (_, index) =>
    der(DerTag.octetString, content.subarray(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH)),
  );
}

function indefinite(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(tag, INDEFINITE), ...contents, END);
}
