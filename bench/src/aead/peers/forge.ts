/** `node-forge`, in its own form: texts of one character a byte, made beforehand. */
import forge from "node-forge";
import type { AeadPeer, Message } from "../peer.ts";

export const forgePeer: AeadPeer = {
  engine: "node-forge",
  prepare: ({ direction }, messages) => {
    const texts = messages.map(textsOf);
    return {
      read: (result) => bytesOf(result as string),
      run: (i) => {
        const message = texts[i % texts.length] as MessageTexts;
        return direction === "seal" ? seal(message) : open(message);
      },
    };
  },
};

interface MessageTexts {
  readonly key: string;
  readonly iv: string;
  readonly plaintext: string;
  readonly ciphertext: string;
  readonly tag: string;
}

function seal({ key, iv, plaintext }: MessageTexts): string {
  const cipher = forge.cipher.createCipher("AES-GCM", key);
  cipher.start({ iv });
  cipher.update(forge.util.createBuffer(plaintext));
  cipher.finish();
  return cipher.output.getBytes() + cipher.mode.tag.getBytes();
}

function open({ key, iv, ciphertext, tag }: MessageTexts): string {
  const decipher = forge.cipher.createDecipher("AES-GCM", key);
  decipher.start({ iv, tag: forge.util.createBuffer(tag) });
  decipher.update(forge.util.createBuffer(ciphertext));
  if (!decipher.finish()) throw new Error("node-forge refused the tag");
  return decipher.output.getBytes();
}

function textsOf({ key, iv, plaintext, sealed }: Message): MessageTexts {
  return {
    key: textOf(key),
    iv: textOf(iv),
    plaintext: textOf(plaintext),
    ciphertext: textOf(sealed.subarray(0, -16)),
    tag: textOf(sealed.subarray(-16)),
  };
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  // In pieces, because a call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
