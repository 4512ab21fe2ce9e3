/** AES-GCM by the platform's Web Crypto: native speed, but no awaited call takes less than some 20 µs. */
import { type AsyncEngine, AuthenticationError } from "./engine.ts";
import { checkedOptions } from "./lengths.ts";

/**
 * The Web Crypto engine. It supports what the platform does; some platforms know no 24-byte keys, and then reject with
 * their own error.
 */
export function webCryptoEngine(subtle: SubtleCrypto = crypto.subtle): AsyncEngine {
  return {
    name: "webcrypto",
    seal: async (key, iv, plaintext, options) => {
      const parameters = parametersOf(key, iv, options);
      const imported = await subtle.importKey("raw", copy(key), "AES-GCM", false, ["encrypt"]);
      return new Uint8Array(await subtle.encrypt(parameters, imported, copy(plaintext)));
    },
    open: async (key, iv, sealed, options) => {
      const parameters = parametersOf(key, iv, options);
      if (sealed.length < parameters.tagLength / 8) throw new AuthenticationError();
      const imported = await subtle.importKey("raw", copy(key), "AES-GCM", false, ["decrypt"]);
      try {
        return new Uint8Array(await subtle.decrypt(parameters, imported, copy(sealed)));
      } catch (error) {
        if (error instanceof Error && error.name === "OperationError") throw new AuthenticationError();
        throw error;
      }
    },
  };
}

function parametersOf(
  key: Uint8Array,
  iv: Uint8Array,
  options: Parameters<AsyncEngine["seal"]>[3],
): AesGcmParams & { readonly tagLength: number } {
  const { aad, tagLength } = checkedOptions(key, iv, options);
  return { name: "AES-GCM", iv: copy(iv), additionalData: copy(aad), tagLength: 8 * tagLength };
}

/** Web Crypto takes no view of shared memory; anything else it takes as it is. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
