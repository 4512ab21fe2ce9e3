/**
 * The part of DER (ITU-T X.690 §10) that keys and signatures are written in: definite, minimal lengths and
 * single-byte tags. Whatever is valid BER only is refused, so that each value has one encoding.
 */

/** Tags of X.690 §8, and of context-specific, constructed elements. */
export const DerTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  /** `[0]`, constructed */
  context0: 0xa0,
  /** `[1]`, constructed */
  context1: 0xa1,
  /** `[0]`, primitive */
  primitive0: 0x80,
  /** `[1]`, primitive */
  primitive1: 0x81,
} as const;

/** Bytes that are not the DER that was expected. */
export class DerError extends Error {
  override readonly name = "DerError";
}

/** Reads DER elements one after the other. The contents are views of the given bytes. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The tag of the next element, or undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** @returns the contents of the next element, which must have this tag */
  read(tag: number): Uint8Array {
    const found = this.nextTag;
    if (found !== tag) throw new DerError(`expected ${describeTag(tag)}, got ${describeTag(found)}`);
    this.#offset++;
    const length = this.#readLength();
    const start = this.#offset;
    if (length > this.#bytes.length - start) {
      throw new DerError(`expected ${length} bytes of contents, got ${this.#bytes.length - start}`);
    }
    this.#offset = start + length;
    return this.#bytes.subarray(start, this.#offset);
  }

  readSequence(): DerReader {
    return new DerReader(this.read(DerTag.sequence));
  }

  /** @returns the magnitude of a non-negative INTEGER, without leading zero; empty for zero */
  readUnsignedInteger(): Uint8Array {
    const contents = this.read(DerTag.integer);
    const [first, second] = contents;
    if (first === undefined) throw new DerError("expected an INTEGER of at least 1 byte, got 0");
    if (first >= 0x80) throw new DerError("expected a non-negative INTEGER, got a negative one");
    if (first !== 0) return contents;
    if (second !== undefined && second < 0x80) throw new DerError("INTEGER with a leading zero too many");
    return contents.subarray(1);
  }

  /** @returns the bytes of a BIT STRING that has no unused bits */
  readBitString(): Uint8Array {
    const contents = this.read(DerTag.bitString);
    if (contents[0] !== 0) throw new DerError(`expected 0 unused bits, got ${contents[0] ?? "none said"}`);
    return contents.subarray(1);
  }

  /** @throws {DerError} if bytes are left */
  expectEnd(): void {
    const left = this.#bytes.length - this.#offset;
    if (left !== 0) throw new DerError(`expected the end, got ${left} more bytes`);
  }

  #readLength(): number {
    const first = this.#bytes[this.#offset++];
    if (first === undefined) throw new DerError("expected a length, got the end");
    if (first < 0x80) return first;
    const size = first & 0x7f;
    // Four bytes of length are 4 GiB; keys have a few kilobytes.
    if (size === 0 || size > 4) throw new DerError(`expected a length of 1 to 4 bytes, got ${size}`);
    let length = 0;
    for (let index = 0; index < size; index++) {
      length = length * 256 + (this.#bytes[this.#offset++] ?? Number.NaN);
    }
    // Also false if the length itself was cut off.
    if (!(length >= 0x80 && length >= 256 ** (size - 1))) {
      throw new DerError("expected a minimal length, got a longer form of it");
    }
    return length;
  }
}

/** An element of any tag. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const size = Math.ceil(Math.log2(length + 1) / 8);
    header.push(0x80 | size);
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) header.push((length >>> shift) & 0xff);
  }
  const element = new Uint8Array(header.length + length);
  element.set(header);
  let offset = header.length;
  for (const part of contents) {
    element.set(part, offset);
    offset += part.length;
  }
  return element;
}

/** @param magnitude big-endian, with or without leading zeros */
export function derUnsignedInteger(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const significant = magnitude.subarray(start);
  const needsSign = significant.length === 0 || (significant[0] as number) >= 0x80;
  return needsSign ? der(DerTag.integer, Uint8Array.of(0), significant) : der(DerTag.integer, significant);
}

export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return der(DerTag.sequence, ...elements);
}

export function derBitString(bytes: Uint8Array): Uint8Array {
  return der(DerTag.bitString, Uint8Array.of(0), bytes);
}

function describeTag(tag: number | undefined): string {
  if (tag === undefined) return "the end";
  const name = Object.entries(DerTag).find(([, value]) => value === tag)?.[0] ?? "element";
  return `${name} (0x${tag.toString(16).padStart(2, "0")})`;
}
