/** `node:crypto`: OpenSSL with all that the processor offers. A reused key is a KeyObject. */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { type AeadPeer, type Message, messageAt } from "../peer.ts";

export const nodeCryptoPeer: AeadPeer = {
  engine: "node:crypto",
  prepare: ({ direction, keyUse }, messages) => {
    const [first] = messages as readonly [Message];
    const kept = keyUse === "reused" ? createSecretKey(first.key) : undefined;
    return direction === "seal"
      ? {
          run: (i) => seal(messageAt(messages, i), kept),
          read: (result) => new Uint8Array(Buffer.concat(result as Buffer[])),
        }
      : {
          run: (i) => open(messageAt(messages, i), kept),
          read: (result) => new Uint8Array(result as Buffer),
        };
  },
};

/** Ciphertext and tag, not joined: for GCM `final` gives no bytes. */
function seal({ key, iv, plaintext }: Message, kept: KeyObject | undefined): Buffer[] {
  const cipher = createCipheriv("aes-256-gcm", kept ?? key, iv);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

function open({ key, iv, sealed }: Message, kept: KeyObject | undefined): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", kept ?? key, iv);
  decipher.setAuthTag(sealed.subarray(-16));
  const plaintext = decipher.update(sealed.subarray(0, -16));
  decipher.final();
  return plaintext;
}
