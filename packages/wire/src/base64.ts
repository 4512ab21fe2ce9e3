/** Base64 of RFC 4648 §4, canonical only: padded, no white space, no stray bits. */

interface NativeBase64 {
  fromBase64?(text: string, options: { lastChunkHandling: "strict" }): Uint8Array;
}

/** The bytes of a canonical base64 text, or `undefined` for any other text. */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const { fromBase64 } = Uint8Array as NativeBase64;
    if (fromBase64 !== undefined && !/\s/.test(text)) {
      return fromBase64.call(Uint8Array, text, { lastChunkHandling: "strict" });
    }
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Bytes as base64. */
export function encodeBase64(bytes: Uint8Array): string {
  const native = bytes as Uint8Array & { toBase64?(): string };
  if (native.toBase64 !== undefined) return native.toBase64();
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
