/**
 * The right edge of a Merkle tree: what is needed of it to append an entry and to tell the root, a hash for each bit of its size.
 *
 * As bytes: `u64 size ‖ the hashes of its complete subtrees, from the largest (oldest) to the smallest (newest)`.
 */
import { sha256 } from "@kmslite/crypto";
import { HASH_LENGTH, nodeHash } from "./merkle.ts";

const SIZE_LENGTH = 8;

export class Frontier {
  #size: number;
  /** A complete subtree for each bit of the size that is set, the largest first. */
  readonly #subtrees: Uint8Array[];

  constructor(size = 0, subtrees: readonly Uint8Array[] = []) {
    this.#size = size;
    this.#subtrees = [...subtrees];
  }

  /** @throws {RangeError} if the bytes are not those of a frontier */
  static decode(bytes: Uint8Array): Frontier {
    const size =
      bytes.length < SIZE_LENGTH ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
    const count = (bytes.length - SIZE_LENGTH) / HASH_LENGTH;
    if (!Number.isSafeInteger(size) || size < 0 || count !== bitsOf(size))
      throw new RangeError(`Frontier: ${bytes.length} bytes are none`);
    const subtrees = Array.from({ length: count }, (_, index) =>
      bytes.slice(SIZE_LENGTH + index * HASH_LENGTH, SIZE_LENGTH + (index + 1) * HASH_LENGTH),
    );
    return new Frontier(size, subtrees);
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(SIZE_LENGTH + this.#subtrees.length * HASH_LENGTH);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(this.#size));
    for (const [index, hash] of this.#subtrees.entries()) bytes.set(hash, SIZE_LENGTH + index * HASH_LENGTH);
    return bytes;
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#subtrees);
  }

  /** How many entries the tree has. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends a leaf.
   *
   * @param completed told of every subtree that it completes: its height above the leaves, and its hash
   */
  append(leaf: Uint8Array, completed?: (height: number, hash: Uint8Array) => void): void {
    let hash = leaf;
    let height = 0;
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      hash = nodeHash(this.#subtrees.pop() as Uint8Array, hash);
      completed?.(++height, hash);
    }
    this.#subtrees.push(hash);
    this.#size++;
  }

  /** The root; SHA-256 of nothing for an empty tree. */
  root(): Uint8Array {
    const [last, ...larger] = [...this.#subtrees].reverse();
    if (last === undefined) return sha256();
    return larger.reduce((right, left) => nodeHash(left, right), last);
  }
}

function bitsOf(size: number): number {
  return size.toString(2).replaceAll("0", "").length;
}
