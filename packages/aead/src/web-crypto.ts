/**
 * AES-GCM by the platform's Web Crypto: the fastest for large messages, where one asynchronous call costs little.
 *
 * Chromium's Web Crypto has no AES-192; there, such a key is refused by the platform with an OperationError.
 */
import {
  type AsyncEngine,
  AuthenticationError,
  type MessageOptions,
  type WholeMessageOptions,
} from "./engine.ts";
import { aadOf, checkIv, checkKey, checkTagLength, ciphertextLength, outputFor } from "./lengths.ts";

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
  options?: WholeMessageOptions,
): Promise<Uint8Array> {
  const parameters = gcmParameters(iv, options);
  const output = givenOutput(plaintext, plaintext.length + parameters.tagLength / 8, options);
  const imported = await importKey(key, "encrypt");
  return into(output, await crypto.subtle.encrypt(parameters, imported, plaintext as Source));
}

async function open(
  key: Uint8Array,
  iv: Uint8Array,
  sealed: Uint8Array,
  options?: WholeMessageOptions,
): Promise<Uint8Array> {
  const parameters = gcmParameters(iv, options);
  const output = givenOutput(sealed, ciphertextLength(sealed, parameters.tagLength / 8), options);
  const imported = await importKey(key, "decrypt");
  try {
    return into(output, await crypto.subtle.decrypt(parameters, imported, sealed as Source));
  } catch (error) {
    output?.fill(0);
    // The one way in which decrypting well-formed input fails (Web Cryptography API §27.4.2).
    if (error instanceof DOMException && error.name === "OperationError") throw new AuthenticationError();
    throw error;
  }
}

/** Web Crypto makes an array of its own, which is copied if the caller gave one. */
function givenOutput(
  input: Uint8Array,
  length: number,
  options: WholeMessageOptions | undefined,
): Uint8Array | undefined {
  return options?.output === undefined ? undefined : outputFor(input, length, options);
}

function into(output: Uint8Array | undefined, result: ArrayBuffer): Uint8Array {
  const bytes = new Uint8Array(result);
  if (output === undefined) return bytes;
  output.set(bytes);
  return output;
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
