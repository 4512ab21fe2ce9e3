/** The platform's Web Crypto: awaited message by message, and with many messages in flight. */
import { type AeadPeer, type Message, messageAt } from "../peer.ts";

/** Many large messages at once would measure how the platform gets memory. */
const MOST_BYTES_IN_FLIGHT = 1 << 20;

/** @param inFlight how many messages are awaited together */
export function webCryptoPeer(inFlight: number): AeadPeer {
  return {
    ...(inFlight === 1
      ? { engine: "webcrypto" }
      : { engine: `webcrypto-${inFlight}-in-flight`, mostBytes: MOST_BYTES_IN_FLIGHT }),
    prepare: async ({ direction, keyUse }, messages) => {
      const [first] = messages as readonly [Message];
      const kept = keyUse === "reused" ? await importKey(first.key) : undefined;
      return {
        inFlight,
        read: (result) => new Uint8Array(result as ArrayBuffer),
        run: async (i) => {
          const { key, iv, plaintext, sealed } = messageAt(messages, i);
          const imported = kept ?? (await importKey(key));
          return direction === "seal"
            ? crypto.subtle.encrypt({ name: "AES-GCM", iv }, imported, plaintext)
            : crypto.subtle.decrypt({ name: "AES-GCM", iv }, imported, sealed);
        },
      };
    },
  };
}

function importKey(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}
