/**
 * What the 256 blocks have in common whose counters differ in their last byte only, a window: most of the first two rounds.
 *
 * Fifteen bytes of such counter blocks are the same, so in the first round SubBytes is done for them once, and for the last
 * byte once for each of its 256 values, 32 of them side by side in the slices. That byte then stands in one column, whose four
 * bytes are all that SubBytes has to do in the second round: of eight blocks side by side. (The idea, for tables, is that of
 * Park and Lee, FACE, TCHES 2018.)
 *
 * MixColumns being linear, what a changing byte v adds to a column is v and 2v in the rows where its coefficient, 1, 2 or 3,
 * has them. Rows and columns stand as {@link runRounds} wants them.
 */
import { type AesKey, finishTwoBlocks, transpose } from "./aes.ts";
import { mixColumns, substituteBytes } from "./rounds.ts";

/** Blocks that {@link Window.keyStream} makes at once. */
export const UNIT = 8;

/** One message's window. */
export class Window {
  readonly #key: AesKey;
  /** First 24 bits of the counters that it is for; none yet. */
  #counters = -1;
  /** The last byte after SubBytes, of 8 × 32 counters: 8 words each. */
  readonly #byte = new Int32Array(64);
  /** The column after the first round, but for what the last byte adds, four times side by side. */
  readonly #column = new Int32Array(8);
  /** The state after the second round, but for what the column adds. */
  readonly #second = new Int32Array(8);
  readonly #work = new Int32Array(8);
  readonly #blocks = new Int32Array(8);

  constructor(key: AesKey) {
    this.#key = key;
  }

  /**
   * Calls back with four times two blocks of key stream.
   *
   * @param j0 four words; the last one is replaced by the counter
   * @param counter the first counter, a multiple of 8; must not be secret
   * @param take gets words as {@link finishTwoBlocks} leaves them, and the number of the pair
   */
  keyStream(j0: Int32Array, counter: number, take: (blocks: Int32Array, pair: number) => void): void {
    if (this.#counters !== counter >>> 8) this.#prepare(j0, counter >>> 8);
    const column = this.#work;
    this.#firstRound(column, counter & 255);
    substituteBytes(column);
    const blocks = this.#blocks;
    for (let pair = 0; pair < 4; pair++) {
      this.#secondRound(column, pair, blocks);
      finishTwoBlocks(this.#key, 2, blocks);
      take(blocks, pair);
    }
  }

  wipe(): void {
    this.#counters = -1;
    for (const words of [this.#byte, this.#column, this.#second, this.#work, this.#blocks]) words.fill(0);
  }

  #prepare(j0: Int32Array, counters: number): void {
    this.#counters = counters;
    const { roundKeys } = this.#key;
    const q = this.#work;
    for (let word = 0; word < 8; word++) q[word] = j0[word >> 1] as number;
    q[6] = q[7] = swapBytes(counters << 8);
    transpose(q);
    for (let i = 0; i < 8; i++) q[i] = (q[i] as number) ^ (roundKeys[i] as number);
    substituteBytes(q);
    // Row 3, column 3: the last byte.
    for (let i = 0; i < 8; i++) q[i] = (q[i] as number) & 0x3fffffff;
    mixColumns(q, roundKeys, 1);
    for (let i = 0; i < 8; i++) this.#column[i] = columnOf(q[i] as number);
    substituteBytes(q);
    // Row i, column i: where the column stands before the second round.
    for (let i = 0; i < 8; i++) q[i] = (q[i] as number) & 0x3fcff3fc;
    mixColumns(q, roundKeys, 2);
    this.#second.set(q);
    for (let part = 0; part < 8; part++) {
      for (let i = 0; i < 8; i++) q[i] = counterSlice(i, part) ^ -((roundKeys[i] as number) >>> 31);
      substituteBytes(q);
      this.#byte.set(q, 8 * part);
    }
    q.fill(0);
  }

  /** What SubBytes of the second round has to do for eight blocks: pair p of them in column p. */
  #firstRound(column: Int32Array, from: number): void {
    const at = 8 * (from >>> 5);
    const shift = from & 24;
    const byte = (i: number): number => ((this.#byte[at + i] as number) >>> shift) & 255;
    const highest = byte(7);
    let below = highest;
    for (let i = 0; i < 8; i++) {
      const v = byte(i);
      const doubled = i === 1 || i === 3 || i === 4 ? below ^ highest : below;
      // In column 0, row 3 has coefficients 1, 1, 3, 2 downwards.
      column[i] = (this.#column[i] as number) ^ Math.imul(v, 0x00010101) ^ Math.imul(doubled, 0x01010000);
      below = v;
    }
  }

  /** The state after the second round of one pair of blocks. */
  #secondRound(column: Int32Array, pair: number, q: Int32Array): void {
    const highest = spread((column[7] as number) >>> (2 * pair));
    let below = highest;
    for (let i = 0; i < 8; i++) {
      const v = i === 7 ? highest : spread((column[i] as number) >>> (2 * pair));
      const doubled = i === 1 || i === 3 || i === 4 ? below ^ highest : below;
      // In row i of its new column the byte of row i has coefficient 2, above it 3, in the other two rows 1.
      q[i] = (this.#second[i] as number) ^ (v & 0x3fcff3fc) ^ (doubled & 0xf03c0fc3);
      below = v;
    }
  }
}

/** The two bits of each row to where its byte stands in the second round: even rows alike, odd rows alike. */
function spread(column: number): number {
  const rows = column & 0x03030303;
  const even = Math.imul(rows, 0x01401004) >>> 24;
  const odd = (Math.imul(rows, 0x10040140) >>> 16) & 0xff00;
  return Math.imul(even | odd, 0x00010001);
}

/** The bits of row i, column i, in all columns. */
function columnOf(word: number): number {
  const diagonal =
    (word & 0x3) | ((word >>> 2) & 0x300) | ((word >>> 4) & 0x30000) | ((word >>> 6) & 0x3000000);
  return Math.imul(diagonal, 0x55);
}

/** Bit `i` of 32 successive counters, the `part`-th 32 of 256. */
function counterSlice(i: number, part: number): number {
  return i < 5 ? (COUNTER_BITS[i] as number) : -((part >>> (i - 5)) & 1);
}

/** Bits 0 to 4 of the numbers 0 to 31. */
const COUNTER_BITS = [0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000];

/** The four bytes of a word the other way round. */
export function swapBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
