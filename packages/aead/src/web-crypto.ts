/**
 * AES-GCM by the platform's Web Crypto: the fastest for large messages, where one asynchronous call costs little.
 *
 * Chromium's Web Crypto has no AES-192; there, such a key is refused by the platform with an OperationError.
 */
import { type AsyncEngine, AuthenticationError, type MessageOptions } from "./engine.ts";
import { aadOf, checkIv, checkKey, checkTagLength, ciphertextLength } from "./lengths.ts";

/** Bytes as Web Crypto's types want them; it copies them before it returns its promise. */
type Source = Uint8Array<ArrayBuffer>;

/** The engine over `crypto.subtle`. */
export function webCryptoEngine(): AsyncEngine {
  return { name: "webcrypto", seal, open };
}

async function seal(
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
  options?: MessageOptions,
): Promise<Uint8Array> {
  const parameters = gcmParameters(iv, options);
  const imported = await importKey(key, "encrypt");
  return new Uint8Array(await crypto.subtle.encrypt(parameters, imported, plaintext as Source));
}

async function open(
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
  options?: MessageOptions,
): Promise<Uint8Array> {
  const parameters = gcmParameters(iv, options);
  ciphertextLength(sealed, parameters.tagLength / 8);
  const imported = await importKey(key, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, sealed as Source));
  } catch (error) {
    // The one way in which decrypting well-formed input fails (Web Cryptography API §27.4.2).
    if (error instanceof DOMException && error.name === "OperationError") throw new AuthenticationError();
    throw error;
  }
}

function gcmParameters(iv: Uint8Array, options?: MessageOptions): AesGcmParams & { tagLength: number } {
  checkIv(iv);
  return {
    name: "AES-GCM",
    iv: iv as Source,
    additionalData: aadOf(options) as Source,
    tagLength: 8 * checkTagLength(options?.tagLength),
  };
}

function importKey(key: Uint8Array, use: KeyUsage): Promise<CryptoKey> {
  checkKey(key);
  return crypto.subtle.importKey("raw", key as Source, "AES-GCM", false, [use]);
}
