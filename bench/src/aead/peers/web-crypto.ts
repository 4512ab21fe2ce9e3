/** The platform's Web Crypto: awaited message by message, and with many messages in flight. */
import { type AeadPeer, type Message, messageAt } from "../peer.ts";

/** @param inFlight how many messages are awaited together */
export function webCryptoPeer(inFlight: number): AeadPeer {
  return {
    engine: inFlight === 1 ? "webcrypto" : `webcrypto-${inFlight}-in-flight`,
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
