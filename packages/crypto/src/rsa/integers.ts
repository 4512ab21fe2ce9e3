/**
 * Numbers and octet strings (RFC 8017 §4), and the arithmetic of RSA on BigInt.
 *
 * BigInt promises nothing about time, and its numbers can't be wiped. What is done about the first stands where private
 * keys are used.
 */

/** OS2IP. @param octets big-endian */
export function toInteger(octets: Uint8Array): bigint {
  let hex = "0x0";
  for (const octet of octets) hex += octet.toString(16).padStart(2, "0");
  return BigInt(hex);
}

/** I2OSP. @param length 1 or more. @returns `length` bytes, big-endian. @throws {RangeError} if the number is larger */
export function toOctets(integer: bigint, length: number): Uint8Array {
  const hex = integer.toString(16).padStart(2 * length, "0");
  if (hex.length !== 2 * length) throw new RangeError(`expected a number of at most ${length} bytes`);
  const octets = new Uint8Array(length);
  for (let index = 0; index < length; index++)
    octets[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  return octets;
}

/** @returns how many bits the number has; 0 for 0 */
export function bitLength(integer: bigint): number {
  return integer === 0n ? 0 : integer.toString(2).length;
}

const WINDOW_BITS = 5;
const WINDOW_MASK = (1n << BigInt(WINDOW_BITS)) - 1n;

/**
 * base^exponent mod modulus, by windows of five bits from the top: the same squarings and multiplications for every
 * exponent of as many bits.
 */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers = [1n];
  for (let index = 0; index < Number(WINDOW_MASK); index++) {
    powers.push(((powers[index] as bigint) * base) % modulus);
  }
  const windows = Math.ceil(bitLength(exponent) / WINDOW_BITS);
  let result = 1n;
  for (let window = windows - 1; window >= 0; window--) {
    for (let bit = 0; bit < WINDOW_BITS; bit++) result = (result * result) % modulus;
    const digit = Number((exponent >> BigInt(window * WINDOW_BITS)) & WINDOW_MASK);
    result = (result * (powers[digit] as bigint)) % modulus;
  }
  return result;
}

/** The inverse of a number modulo another, or undefined if they have a divisor in common. */
export function inverseModulo(value: bigint, modulus: bigint): bigint | undefined {
  let [remainder, next] = [modulus, ((value % modulus) + modulus) % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  if (remainder !== 1n) return undefined;
  return factor < 0n ? factor + modulus : factor;
}
