/**
 * The `UriEncode` of Signature Version 4, and its strict inverse.
 *
 * AWS IAM User Guide, "Create a signed AWS API request", step 1: every byte is percent-encoded with
 * upper-case hexadecimal digits, except the unreserved characters of RFC 3986 §2.3
 * (`A-Z a-z 0-9 - . _ ~`). Space is `%20`, never `+`.
 */

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-._~]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

const encoder = new TextEncoder();

/** Percent-encodes the UTF-8 bytes of a text, `/` included. */
export function encodeUriComponentStrictly(text: string): string {
  return encodeBytes(encoder.encode(text));
}

/** Percent-encodes bytes. */
export function encodeBytes(bytes: Uint8Array): string {
  let encoded = "";
  for (const byte of bytes) encoded += ENCODED[byte] as string;
  return encoded;
}

/**
 * Undoes percent-encoding.
 *
 * Only two upper-case hexadecimal digits may follow a `%`. Lower-case ones mean the same to RFC 3986, but no
 * AWS signer sends them, and admitting a second spelling of a signed request serves nobody. `+` stays `+`:
 * form encoding is not URI encoding.
 *
 * @returns the bytes, or undefined if a `%` is not followed by two upper-case hexadecimal digits
 */
export function decodePercent(text: string): Uint8Array | undefined {
  const source = encoder.encode(text);
  const decoded = new Uint8Array(source.length);
  let length = 0;
  for (let index = 0; index < source.length; index++) {
    const byte = source[index] as number;
    if (byte !== PERCENT) {
      decoded[length++] = byte;
      continue;
    }
    const high = hexDigit(source[index + 1]);
    const low = hexDigit(source[index + 2]);
    if (high === undefined || low === undefined) return undefined;
    decoded[length++] = high * 16 + low;
    index += 2;
  }
  return decoded.subarray(0, length);
}

const PERCENT = 0x25;

function hexDigit(byte: number | undefined): number | undefined {
  if (byte === undefined) return undefined;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x41 + 10;
  return undefined;
}
