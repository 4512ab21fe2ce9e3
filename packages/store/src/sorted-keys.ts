/**
 * A set of strings in order, for stores that have no ordered medium below them.
 *
 * Two levels of a B+ tree: an ordered list of ordered leaves of at most 512 keys. Finding is two binary searches;
 * inserting moves at most one leaf's keys, and once in a few hundred times the list of leaves. At 100,000 keys that is some
 * 300 leaves, so both levels stay small where one flat array would move 100,000 entries at every insertion.
 */

const LEAF_SIZE = 512;

/** Keys in ascending order of their UTF-16 code units, which for ASCII is the order of their bytes. */
export class SortedKeys {
  /** Never an empty leaf among them. */
  readonly #leaves: string[][] = [];

  /** Adds a key; adding one that is there changes nothing. */
  add(key: string): void {
    if (this.#leaves.length === 0) {
      this.#leaves.push([key]);
      return;
    }
    const { leafIndex, leaf, index } = this.#locate(key);
    if (leaf[index] === key) return;
    leaf.splice(index, 0, key);
    if (leaf.length > LEAF_SIZE) this.#leaves.splice(leafIndex + 1, 0, leaf.splice(LEAF_SIZE / 2));
  }

  /** Removes a key; removing one that is absent changes nothing. */
  delete(key: string): void {
    if (this.#leaves.length === 0) return;
    const { leafIndex, leaf, index } = this.#locate(key);
    if (leaf[index] !== key) return;
    leaf.splice(index, 1);
    if (leaf.length === 0) this.#leaves.splice(leafIndex, 1);
  }

  /** The keys of `start` ≤ key < `end`, ascending. The set must not change while they are being taken. */
  *ascending(start: string, end: string): Generator<string, void, undefined> {
    if (this.#leaves.length === 0) return;
    let { leafIndex, index } = this.#locate(start);
    for (; leafIndex < this.#leaves.length; leafIndex++, index = 0) {
      const leaf = this.#leaves[leafIndex] ?? [];
      for (; index < leaf.length; index++) {
        const key = leaf[index] as string;
        if (key >= end) return;
        yield key;
      }
    }
  }

  /** The same keys as {@link ascending}, from the last to the first. */
  *descending(start: string, end: string): Generator<string, void, undefined> {
    if (this.#leaves.length === 0) return;
    const last = this.#locate(end);
    let index = last.index - 1;
    for (let leafIndex = last.leafIndex; leafIndex >= 0; leafIndex--) {
      const leaf = this.#leaves[leafIndex] ?? [];
      for (; index >= 0; index--) {
        const key = leaf[index] as string;
        if (key < start) return;
        yield key;
      }
      index = (this.#leaves[leafIndex - 1]?.length ?? 0) - 1;
    }
  }

  /** The leaf that holds `key` or would take it, and the position of the first key in it that is not below `key`. */
  #locate(key: string): { leafIndex: number; leaf: string[]; index: number } {
    // The last leaf whose first key is not above `key`; the very first one when all are above.
    const above = firstIndex(this.#leaves.length, (i) => (this.#leaves[i]?.[0] as string) > key);
    const leafIndex = Math.max(0, above - 1);
    const leaf = this.#leaves[leafIndex] as string[];
    return { leafIndex, leaf, index: firstIndex(leaf.length, (i) => (leaf[i] as string) >= key) };
  }
}

/** The first of 0 … `length` − 1 at which `holds`, which is false up to some place and true from there on; else `length`. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
