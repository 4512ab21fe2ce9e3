/** Base64 of RFC 4648 §4, as the proxy API carries bytes: padded, canonical. */
import { XksFailure } from "./failure.ts";

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @throws {XksFailure} `MalformedResponse` if this is no base64, or not of a length that is allowed */
export function fromBase64(text: unknown, allowed: (length: number) => boolean): Uint8Array {
  if (typeof text === "string") {
    try {
      const binary = atob(text);
      if (btoa(binary) === text && allowed(binary.length)) {
        return Uint8Array.from(binary, (character) => character.charCodeAt(0));
      }
    } catch {
      // Not base64.
    }
  }
  throw new XksFailure("MalformedResponse");
}
