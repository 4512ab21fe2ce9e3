/**
 * Bytes as Web Crypto takes them: it refuses those of a SharedArrayBuffer, which others might change meanwhile.
 *
 * @returns the same bytes, copied only if their buffer is shared
 */
export function webCryptoBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : Uint8Array.from(bytes);
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}
