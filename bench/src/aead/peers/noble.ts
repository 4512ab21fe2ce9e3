/** `@noble/ciphers`. A cipher of its is made for one key and one IV, so a reused key is expanded again for every message. */
import { gcm } from "@noble/ciphers/aes.js";
import { type AeadPeer, messageAt, readBytes } from "../peer.ts";

export const noblePeer: AeadPeer = {
  engine: "noble",
  prepare: ({ direction }, messages) => ({
    run: (i) => {
      const { key, iv, plaintext, sealed } = messageAt(messages, i);
      return direction === "seal" ? gcm(key, iv).encrypt(plaintext) : gcm(key, iv).decrypt(sealed);
    },
    read: readBytes,
  }),
};
