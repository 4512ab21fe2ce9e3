/** `asmcrypto.js`: asm.js, whole messages. */
import { AES_GCM } from "asmcrypto.js";
import { type AeadPeer, messageAt, readBytes } from "../peer.ts";

export const asmcryptoPeer: AeadPeer = {
  engine: "asmcrypto.js",
  prepare: ({ direction }, messages) => ({
    read: readBytes,
    run: (i) => {
      const { key, iv, plaintext, sealed } = messageAt(messages, i);
      return direction === "seal" ? AES_GCM.encrypt(plaintext, key, iv) : AES_GCM.decrypt(sealed, key, iv);
    },
  }),
};
