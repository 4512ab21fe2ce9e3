/** The messages of a task: sealed by Web Crypto, which every peer is checked against before it is measured. */
import type { Message, Task } from "./peer.ts";

/** So many bytes of plaintext at most are held for a task; small messages are many, so that no key is met twice in a row. */
const TOTAL_BYTES = 1 << 20;
const MOST = 64;

export async function makeMessages(task: Task): Promise<readonly Message[]> {
  const count = Math.max(1, Math.min(MOST, Math.floor(TOTAL_BYTES / task.bytes)));
  const key = randomBytes(32);
  const messages: Message[] = [];
  for (let i = 0; i < count; i++) {
    messages.push(
      await sealedMessage(task.keyUse === "fresh" ? randomBytes(32) : key, randomBytes(task.bytes)),
    );
  }
  return messages;
}

async function sealedMessage(
  key: Uint8Array<ArrayBuffer>,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Message> {
  const iv = randomBytes(12);
  const { subtle } = crypto;
  const imported = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, imported, plaintext));
  return { key, iv, plaintext, sealed };
}

/** `getRandomValues` gives 65,536 bytes a call at most. */
function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let from = 0; from < length; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  return bytes;
}
