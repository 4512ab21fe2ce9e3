/**
 * The pieces of a pattern between its `*`: texts of one length each, in which `?` stands for any character.
 *
 * A piece without `?` is found by the platform's own search. One with `?` is found by Shift-And (Baeza-Yates and Gonnet, "A New
 * Approach to Text Searching", 1992): one bit for each of the piece's characters says whether it ends a beginning that fits, and
 * all bits move on together, 32 at a step. So each character of the text is read once, whatever the piece.
 */

/** `?` stands in `text` at each of `wild`. */
export interface Piece {
  readonly text: string;
  readonly wild: ReadonlySet<number>;
}

const WORD_BITS = 32;

/** Leftmost place of a piece from `from` on that ends by `end`. */
export function findPiece(piece: Piece, text: string, from: number, end: number): number | undefined {
  const latest = end - piece.text.length;
  if (latest < from) return undefined;
  if (piece.wild.size > 0) return shiftAnd(piece, text, from, end);
  const found = text.indexOf(piece.text, from);
  return found === -1 || found > latest ? undefined : found;
}

export function fitsAt(piece: Piece, text: string, at: number): boolean {
  if (piece.wild.size === 0) return text.startsWith(piece.text, at);
  for (let index = 0; index < piece.text.length; index++) {
    if (!piece.wild.has(index) && piece.text.charCodeAt(index) !== text.charCodeAt(at + index)) return false;
  }
  return true;
}

/** For each character the places of a piece where it fits, as bits. */
interface Places {
  readonly words: number;
  readonly of: ReadonlyMap<number, Uint32Array>;
  /** Where any other character fits: the places of `?`. */
  readonly ofOthers: Uint32Array;
}

const places = new WeakMap<Piece, Places>();

function placesIn(piece: Piece): Places {
  const known = places.get(piece);
  if (known !== undefined) return known;
  const words = Math.ceil(piece.text.length / WORD_BITS);
  const ofOthers = new Uint32Array(words);
  for (const at of piece.wild) mark(ofOthers, at);
  const of = new Map<number, Uint32Array>();
  for (let at = 0; at < piece.text.length; at++) {
    if (piece.wild.has(at)) continue;
    const character = piece.text.charCodeAt(at);
    const bits = of.get(character) ?? ofOthers.slice();
    mark(bits, at);
    of.set(character, bits);
  }
  const made = { words, of, ofOthers };
  places.set(piece, made);
  return made;
}

function mark(bits: Uint32Array, at: number): void {
  const word = Math.floor(at / WORD_BITS);
  bits[word] = (bits[word] as number) | (1 << (at % WORD_BITS));
}

function shiftAnd(piece: Piece, text: string, from: number, end: number): number | undefined {
  const { words, of, ofOthers } = placesIn(piece);
  const length = piece.text.length;
  const lastBit = 1 << ((length - 1) % WORD_BITS);
  const fitting = new Uint32Array(words);
  for (let at = from; at < end; at++) {
    const here = of.get(text.charCodeAt(at)) ?? ofOthers;
    // A new beginning at every character.
    let carried = 1;
    for (let word = 0; word < words; word++) {
      const before = fitting[word] as number;
      fitting[word] = ((before << 1) | carried) & (here[word] as number);
      carried = before >>> (WORD_BITS - 1);
    }
    if (((fitting[words - 1] as number) & lastBit) !== 0) return at + 1 - length;
  }
  return undefined;
}
