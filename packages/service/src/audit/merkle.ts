/**
 * Merkle trees of RFC 6962 §2.1 over SHA-256: what a log of entries comes down to in 32 bytes, and short proofs that an entry is
 * in it, and that a longer log begins with a shorter one.
 *
 * `MTH(D[0:n])` is `SHA-256(0x00 ‖ d0)` for one entry, and `SHA-256(0x01 ‖ MTH(D[0:k]) ‖ MTH(D[k:n]))` for more, where `k` is the
 * largest power of two that is smaller than `n`.
 */
import { sha256 } from "@kmslite/crypto";

/** Length of every hash in bytes. */
export const HASH_LENGTH = 32;

const LEAF: Uint8Array = Uint8Array.of(0);
const NODE: Uint8Array = Uint8Array.of(1);

/** The hash of an entry as a leaf. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry);
}

/** The hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** The largest power of two that is smaller than `size`, which is at least 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** `MTH(D[start:end])` of a log, where `start < end`. */
export type HashOfRange = (start: number, end: number) => Promise<Uint8Array>;

/** The hash of a range from those of its halves, down to what `known` gives. */
export async function rangeHash(
  start: number,
  end: number,
  known: (start: number, end: number) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array> {
  const hash = await known(start, end);
  if (hash !== undefined) return hash;
  const middle = start + splitOf(end - start);
  return nodeHash(await rangeHash(start, middle, known), await rangeHash(middle, end, known));
}

/**
 * The audit path of an entry (RFC 6962 §2.1.1), from the leaf's sibling up.
 *
 * @throws {RangeError} unless 0 ≤ `index` < `size`
 */
export async function inclusionProof(
  index: number,
  size: number,
  hashOf: HashOfRange,
): Promise<Uint8Array[]> {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < size))
    throw new RangeError(`Index: expected less than ${size}, got ${index}`);
  return path(index, 0, size, hashOf);
}

async function path(index: number, start: number, end: number, hashOf: HashOfRange): Promise<Uint8Array[]> {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...(await path(index, start, middle, hashOf)), await hashOf(middle, end)]
    : [...(await path(index, middle, end, hashOf)), await hashOf(start, middle)];
}

/**
 * The proof that the tree of `size` entries continues that of `from` entries (RFC 6962 §2.1.2); empty if either has none or both are
 * the same.
 *
 * @throws {RangeError} unless 0 ≤ `from` ≤ `size`
 */
export async function consistencyProof(
  from: number,
  size: number,
  hashOf: HashOfRange,
): Promise<Uint8Array[]> {
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= size))
    throw new RangeError(`Size: expected at most ${size}, got ${from}`);
  return from === 0 || from === size ? [] : subproof(from, 0, size, true, hashOf);
}

async function subproof(
  from: number,
  start: number,
  end: number,
  whole: boolean,
  hashOf: HashOfRange,
): Promise<Uint8Array[]> {
  if (from === end) return whole ? [] : [await hashOf(start, end)];
  const middle = start + splitOf(end - start);
  return from <= middle
    ? [...(await subproof(from, start, middle, whole, hashOf)), await hashOf(middle, end)]
    : [...(await subproof(from, middle, end, false, hashOf)), await hashOf(start, middle)];
}

/** Whether an audit path leads from a leaf's hash to a root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [position, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else hash = nodeHash(hash, sibling);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && sameHash(hash, root);
}

/** Whether a proof shows that the tree of `size` entries continues that of `from` entries (RFC 9162 §2.1.4.2). */
export function verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (from > size) return false;
  if (from === size) return proof.length === 0 && sameHash(fromRoot, root);
  if (from === 0) return proof.length === 0;
  // A tree whose size is a power of two is itself the first node.
  let hashes = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : [...proof];
  let [position, last] = [from - 1, size - 1];
  while (position % 2 === 1) [position, last] = [half(position), half(last)];
  const [first] = hashes;
  if (first === undefined) return false;
  hashes = hashes.slice(1);
  let [older, newer] = [first, first];
  for (const hash of hashes) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else newer = nodeHash(newer, hash);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 && sameHash(older, fromRoot) && sameHash(newer, root);
}

/** Not bit shifts: sizes may have more than 32 bits. */
function half(position: number): number {
  return Math.floor(position / 2);
}

/** Hashes of a public log are no secrets. */
function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
