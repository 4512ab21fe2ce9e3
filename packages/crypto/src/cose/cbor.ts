/**
 * The part of CBOR (RFC 8949) that signed documents are written in: integers, byte and text strings, arrays, maps, tags, booleans
 * and null. Heads must be the shortest (§4.2.1), strings of one piece, keys of maps integers or texts, and each there once.
 * Arrays and maps may be of indefinite length, since AWS's Nitro hypervisor writes its documents so.
 */
import { concatBytes } from "@noble/hashes/utils.js";
import { CoseError } from "./cose-error.ts";

export type CborValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | CborMap
  | CborTagged;

export type CborMap = ReadonlyMap<number | string, CborValue>;

/** A tag, and what it is on. */
export class CborTagged {
  readonly tag: number;
  readonly value: CborValue;

  constructor(tag: number, value: CborValue) {
    this.tag = tag;
    this.value = value;
  }
}

/** Major types of RFC 8949 §3.1. */
const Major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/** Where additional information stands for "until the break" (§3.2.1). */
const INDEFINITE = 31;
const BREAK = 0xff;

/** Nothing that is read here goes deeper than four; beyond is an attack on the stack. */
const MAXIMUM_DEPTH = 8;

/**
 * @returns the one item that the bytes are; byte strings are views of them
 * @throws {CoseError} if they are anything else, or more
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new CborReader(bytes);
  const value = reader.readItem(0);
  reader.expectEnd();
  return value;
}

/** A byte string with its head. */
export function encodeCborBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.from(encodeHead(Major.bytes, bytes.length)), bytes);
}

/** The shortest head of a value below 2^32. */
function encodeHead(major: number, value: number): number[] {
  const type = major << 5;
  if (value < 24) return [type | value];
  if (value < 0x100) return [type | 24, value];
  if (value < 0x1_0000) return [type | 25, value >>> 8, value & 0xff];
  return [type | 26, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

class CborReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  expectEnd(): void {
    const left = this.#bytes.length - this.#offset;
    if (left !== 0) throw new CoseError(`expected the end, got ${left} more bytes`);
  }

  readItem(depth: number): CborValue {
    if (depth > MAXIMUM_DEPTH) throw new CoseError("nested too deeply");
    const initial = this.#readByte();
    const major = initial >>> 5;
    const information = initial & 0x1f;
    switch (major) {
      case Major.unsigned:
        return this.#readArgument(information);
      case Major.negative:
        return -1 - this.#readArgument(information);
      case Major.bytes:
        return this.#readBytes(this.#readArgument(information));
      case Major.text:
        return textOf(this.#readBytes(this.#readArgument(information)));
      case Major.array:
        return this.#readArray(information, depth);
      case Major.map:
        return this.#readMap(information, depth);
      case Major.tag:
        return new CborTagged(this.#readArgument(information), this.readItem(depth + 1));
      default:
        return simpleOf(information);
    }
  }

  #readArray(information: number, depth: number): readonly CborValue[] {
    const items: CborValue[] = [];
    for (const _ of this.#places(information)) items.push(this.readItem(depth + 1));
    return items;
  }

  #readMap(information: number, depth: number): CborMap {
    const map = new Map<number | string, CborValue>();
    for (const _ of this.#places(information)) {
      const key = this.readItem(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") {
        throw new CoseError("expected an integer or a text as key, got something else");
      }
      if (map.has(key)) throw new CoseError("a key stands twice in a map");
      map.set(key, this.readItem(depth + 1));
    }
    return map;
  }

  /** Once for each item of an array or pair of a map. */
  *#places(information: number): Generator<undefined> {
    if (information === INDEFINITE) {
      while (this.#bytes[this.#offset] !== BREAK) yield;
      this.#offset++;
      return;
    }
    for (let left = this.#readArgument(information); left > 0; left--) yield;
  }

  /** The argument of a head (§3). */
  #readArgument(information: number): number {
    if (information < 24) return information;
    if (information > 27) throw new CoseError("expected a definite length");
    const size = 1 << (information - 24);
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 256 + this.#readByte();
    const smallest = size === 1 ? 24 : 256 ** (size / 2);
    if (value < smallest) throw new CoseError("expected the shortest head, got a longer form of it");
    if (!Number.isSafeInteger(value)) throw new CoseError("expected an integer below 2^53, got a larger one");
    return value;
  }

  #readBytes(length: number): Uint8Array {
    const start = this.#offset;
    const left = this.#bytes.length - start;
    if (length > left) throw new CoseError(`expected ${length} bytes, got ${left}`);
    this.#offset = start + length;
    return this.#bytes.subarray(start, this.#offset);
  }

  #readByte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new CoseError("expected more bytes, got the end");
    this.#offset++;
    return byte;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CoseError("expected UTF-8, got other bytes");
  }
}

/** Simple values (§3.3): the three that have a meaning here. */
function simpleOf(information: number): boolean | null {
  if (information === 20) return false;
  if (information === 21) return true;
  if (information === 22) return null;
  throw new CoseError("expected false, true or null, got another simple value");
}
