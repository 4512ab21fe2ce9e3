/**
 * Key derivation in counter mode with HMAC-SHA-256 (NIST SP 800-108 Rev. 1, §4.1).
 *
 * K(i) = HMAC(KI, [i]r ‖ FixedInputData), i = 1, 2, …; the output is the leftmost L bits of K(1) ‖ K(2) ‖ …
 */
import { HMAC_SHA256_LENGTH, type HmacSha256Key } from "./hmac-key.ts";

/** Length r of the counter in bits. KMSLite derives with 32; the others are here for NIST's vectors. */
export type CounterBits = 8 | 16 | 24 | 32;

/**
 * Derives key material from fixed input data that the caller composed.
 *
 * @param key         the key-derivation key KI
 * @param fixedInput  FixedInputData, any length
 * @param length      bytes to derive, 1 to 32 × (2^r − 1)
 * @param counterBits length r of the counter, which stands before the fixed input
 * @param output      where they go, `length` bytes long; a new array unless given
 * @returns `length` bytes
 * @throws {RangeError} if `length` is outside its range
 */
export function kbkdfCounter(
  key: HmacSha256Key,
  fixedInput: Uint8Array,
  length: number,
  counterBits: CounterBits = 32,
  output: Uint8Array = new Uint8Array(length),
): Uint8Array {
  const blocks = Math.ceil(length / HMAC_SHA256_LENGTH);
  if (!Number.isSafeInteger(length) || length < 1 || blocks > 2 ** counterBits - 1) {
    throw new RangeError(`KBKDF length: expected 1 to 32 × (2^${counterBits} − 1) bytes, got ${length}`);
  }
  if (counterBits === 32 && key.deriveAtOnce(fixedInput, output)) return output;
  const counterBytes = counterBits / 8;
  const input = new Uint8Array(counterBytes + fixedInput.length);
  input.set(fixedInput, counterBytes);
  for (let i = 1; i <= blocks; i++) {
    for (let byte = 0; byte < counterBytes; byte++) {
      input[byte] = i >>> (8 * (counterBytes - 1 - byte));
    }
    const block = key.mac(input);
    const offset = (i - 1) * HMAC_SHA256_LENGTH;
    output.set(block.subarray(0, Math.min(HMAC_SHA256_LENGTH, length - offset)), offset);
    block.fill(0);
  }
  return output;
}

/**
 * FixedInputData as SP 800-108 §4 recommends it: Label ‖ 0x00 ‖ Context ‖ [L]₃₂, L in bits.
 *
 * @param label   purpose of the derived keys: ASCII, without 0x00
 * @param context what the derived keys are bound to
 * @param length  bytes that will be derived
 */
export function fixedInputData(label: string, context: Uint8Array, length: number): Uint8Array {
  const data = new Uint8Array(label.length + 1 + context.length + 4);
  for (let index = 0; index < label.length; index++) data[index] = label.charCodeAt(index);
  data.set(context, label.length + 1);
  for (let index = 0; index < 4; index++) data[data.length - 1 - index] = (length * 8) >>> (8 * index);
  return data;
}
