/**
 * GHASH (NIST SP 800-38D §6.4) without tables indexed by secrets.
 *
 * Polynomials over GF(2) are multiplied with ordinary integer multiplication: of an operand of 16 bits every third bit is
 * kept and the others are holes, so that up to six terms add up in three bits without disturbing the next one (the method
 * of Pornin, BearSSL, with another spacing). Karatsuba's rule, three times over, makes 27 such products of a block. Those of
 * many blocks, each with the power of H that it is due, are added before anything is joined and reduced. Multiplying takes
 * the same time for all operands on processors with a hardware multiplier of fixed latency, which every current one with a
 * JavaScript engine has.
 */

/** Blocks that are hashed together. */
const GROUP = 16;
/** Blocks from which preparing the powers of H costs less than it saves. */
const WORTH_GROUPING = 64;

/**
 * A work area for `blocks` blocks at a time: 27 factors of each, the 27 factors of the power of H that each is multiplied
 * with, and the 27 sums of products. Factor i of block b is at `blocks · i + b`.
 */
interface Area {
  readonly blocks: number;
  readonly words: Int32Array;
}

/** H prepared: H itself, and its powers from H^16 down to H once a message was long enough for them. */
export interface GhashKey {
  readonly one: Area;
  group: Area | undefined;
}

/** Prepares the hash subkey H, 16 bytes. */
export function ghashKey(subkey: Uint8Array): GhashKey {
  const view = new DataView(subkey.buffer, subkey.byteOffset, 16);
  const one = newArea(1);
  writeFactors(one, 27, view.getInt32(12), view.getInt32(8), view.getInt32(4), view.getInt32(0));
  return { one, group: undefined };
}

/** Overwrites everything that was made of H. */
export function wipeGhashKey({ one, group }: GhashKey): void {
  one.words.fill(0);
  group?.words.fill(0);
}

/** The running hash of one message: Y, four words, least significant (last four bytes) first. */
export type GhashState = Int32Array;

export function ghashState(): GhashState {
  return new Int32Array(4);
}

/** Hashes `length` bytes, the last block filled up with zeros. */
export function ghashUpdate(
  key: GhashKey,
  y: GhashState,
  data: Uint8Array,
  offset: number,
  length: number,
): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = offset + (length & ~15);
  let at = offset;
  if (length >= 16 * WORTH_GROUPING) {
    key.group ??= powersOf(key.one);
    for (const last = end - 16 * GROUP; at <= last; at += 16 * GROUP) {
      addToY(y, view, at);
      writeFactors(key.group, 0, y[0] as number, y[1] as number, y[2] as number, y[3] as number);
      for (let block = 1; block < GROUP; block++) {
        const from = at + 16 * block;
        writeFactors(
          key.group,
          block,
          view.getInt32(from + 12),
          view.getInt32(from + 8),
          view.getInt32(from + 4),
          view.getInt32(from),
        );
      }
      multiply(key.group, y);
    }
  }
  for (; at < end; at += 16) {
    addToY(y, view, at);
    multiplyY(key.one, y);
  }
  const rest = length & 15;
  if (rest === 0) return;
  for (let i = 0; i < rest; i++) {
    y[3 - (i >>> 2)] = (y[3 - (i >>> 2)] as number) ^ ((data[at + i] as number) << (24 - 8 * (i & 3)));
  }
  multiplyY(key.one, y);
}

/** Hashes the last block: the two lengths in bits (§6.4, "len(A) ‖ len(C)"). */
export function ghashLengths(key: GhashKey, y: GhashState, aadBytes: number, textBytes: number): void {
  y[3] = (y[3] as number) ^ Math.floor(aadBytes / 2 ** 29);
  y[2] = (y[2] as number) ^ (aadBytes << 3);
  y[1] = (y[1] as number) ^ Math.floor(textBytes / 2 ** 29);
  y[0] = (y[0] as number) ^ (textBytes << 3);
  multiplyY(key.one, y);
}

/** Writes Y, 16 bytes. */
export function ghashResult(y: GhashState, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, 16);
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, y[3 - i] as number);
}

function addToY(y: GhashState, view: DataView, at: number): void {
  y[3] = (y[3] as number) ^ view.getInt32(at);
  y[2] = (y[2] as number) ^ view.getInt32(at + 4);
  y[1] = (y[1] as number) ^ view.getInt32(at + 8);
  y[0] = (y[0] as number) ^ view.getInt32(at + 12);
}

function newArea(blocks: number): Area {
  return { blocks, words: new Int32Array(54 * blocks + 27) };
}

/** The powers of H in a work area of their own, from the highest down: the first block is multiplied most often. */
function powersOf(one: Area): Area {
  const group = newArea(GROUP);
  const power = Int32Array.of(0, 0, 0, -0x80000000);
  for (let block = GROUP - 1; block >= 0; block--) {
    multiplyY(one, power);
    const [w0, w1, w2, w3] = power as unknown as [number, number, number, number];
    writeFactors(group, 27 * GROUP + block, w0, w1, w2, w3);
  }
  power.fill(0);
  return group;
}

/** The factors of four words: the words, their sums by Karatsuba's rule over two levels, and of each its halves. */
function writeFactors(area: Area, at: number, w0: number, w1: number, w2: number, w3: number): void {
  const { blocks, words } = area;
  writeHalves(words, blocks, at, w0);
  writeHalves(words, blocks, at + 3 * blocks, w1);
  writeHalves(words, blocks, at + 6 * blocks, w0 ^ w1);
  writeHalves(words, blocks, at + 9 * blocks, w2);
  writeHalves(words, blocks, at + 12 * blocks, w3);
  writeHalves(words, blocks, at + 15 * blocks, w2 ^ w3);
  writeHalves(words, blocks, at + 18 * blocks, w0 ^ w2);
  writeHalves(words, blocks, at + 21 * blocks, w1 ^ w3);
  writeHalves(words, blocks, at + 24 * blocks, w0 ^ w1 ^ w2 ^ w3);
}

/** Only the lower 16 bits of what is written count. */
function writeHalves(words: Int32Array, stride: number, at: number, word: number): void {
  const high = word >>> 16;
  words[at] = word;
  words[at + stride] = high;
  words[at + 2 * stride] = word ^ high;
}

/** Y · H. */
function multiplyY(one: Area, y: GhashState): void {
  writeFactors(one, 0, y[0] as number, y[1] as number, y[2] as number, y[3] as number);
  multiply(one, y);
}

/** Writes the sum of all blocks times their powers, reduced modulo x¹²⁸ + x⁷ + x² + x + 1, to Y. */
function multiply(area: Area, y: GhashState): void {
  const { blocks, words } = area;
  multiplyFactors(words, blocks);
  const c = 54 * blocks;
  joinHalves(words, c);
  joinWords(words, c, y);
}

function multiplyFactors(words: Int32Array, blocks: number): void {
  const powers = Math.imul(27, blocks);
  for (let i = 0; i < 27; i++) {
    let e0 = 0;
    let e1 = 0;
    let e2 = 0;
    const end = Math.imul(blocks, i + 1);
    for (let at = Math.imul(blocks, i); at < end; at = (at + 1) | 0) {
      const x = words[at] as number;
      const h = words[(at + powers) | 0] as number;
      const x0 = x & 0x9249;
      const x1 = x & 0x2492;
      const x2 = x & 0x4924;
      const h0 = h & 0x9249;
      const h1 = h & 0x2492;
      const h2 = h & 0x4924;
      e0 ^= Math.imul(x0, h0) ^ Math.imul(x1, h2) ^ Math.imul(x2, h1);
      e1 ^= Math.imul(x0, h1) ^ Math.imul(x1, h0) ^ Math.imul(x2, h2);
      e2 ^= Math.imul(x0, h2) ^ Math.imul(x1, h1) ^ Math.imul(x2, h0);
    }
    words[2 * powers + i] = (e0 & 0x49249249) | (e1 & 0x12492492) | (e2 & 0x24924924);
  }
}

/** Makes of each three products of halves one of words, 64 bits in two words, the lower first. */
function joinHalves(words: Int32Array, c: number): void {
  for (let j = 0; j < 9; j++) {
    const low = words[c + 3 * j] as number;
    const high = words[c + 3 * j + 1] as number;
    const middle = low ^ high ^ (words[c + 3 * j + 2] as number);
    words[c + 2 * j] = low ^ (middle << 16);
    words[c + 2 * j + 1] = high ^ (middle >>> 16);
  }
}

/** Joins the nine products of words to 256 bits and reduces them. */
function joinWords(words: Int32Array, c: number, y: GhashState): void {
  const p = (i: number): number => words[c + i] as number;
  let across0 = p(4) ^ p(0) ^ p(2);
  let across1 = p(5) ^ p(1) ^ p(3);
  const l0 = p(0);
  const l1 = p(1) ^ across0;
  const l2 = p(2) ^ across1;
  const l3 = p(3);
  across0 = p(10) ^ p(6) ^ p(8);
  across1 = p(11) ^ p(7) ^ p(9);
  const h0 = p(6);
  const h1 = p(7) ^ across0;
  const h2 = p(8) ^ across1;
  const h3 = p(9);
  across0 = p(16) ^ p(12) ^ p(14);
  across1 = p(17) ^ p(13) ^ p(15);
  const z2 = l2 ^ p(12) ^ l0 ^ h0;
  const z3 = l3 ^ p(13) ^ across0 ^ l1 ^ h1;
  const z4 = h0 ^ p(14) ^ across1 ^ l2 ^ h2;
  const z5 = h1 ^ p(15) ^ l3 ^ h3;

  // GHASH numbers bits from the other end, which leaves the product one place short: shift left by one.
  const low0 = l0 << 1;
  const low1 = (l1 << 1) | (l0 >>> 31);
  const low2 = (z2 << 1) | (l1 >>> 31);
  // Each low word is worth itself four words up, times 1 + x + x² + x⁷; the part that falls below goes three words up.
  const low3 = ((z3 << 1) | (z2 >>> 31)) ^ foldDown(low0);
  y[0] = ((z4 << 1) | (z3 >>> 31)) ^ foldUp(low0) ^ foldDown(low1);
  y[1] = ((z5 << 1) | (z4 >>> 31)) ^ foldUp(low1) ^ foldDown(low2);
  y[2] = ((h2 << 1) | (z5 >>> 31)) ^ foldUp(low2) ^ foldDown(low3);
  y[3] = ((h3 << 1) | (h2 >>> 31)) ^ foldUp(low3);
}

function foldUp(low: number): number {
  return low ^ (low >>> 1) ^ (low >>> 2) ^ (low >>> 7);
}

function foldDown(low: number): number {
  return (low << 31) ^ (low << 30) ^ (low << 25);
}
