/**
 * AES for key expansion and short messages: vector permute, one block in one register.
 *
 * State stays in the basis of {@link permute-tables} between the rounds, and ShiftRows is never done: round r looks for
 * its neighbours where they would have been (see ONE_DOWN), and the round keys are laid out to match.
 */
import {
  CONTEXT_ROUND_KEYS,
  CONTEXT_ROUNDS,
  CONTEXT_SCHEDULE,
  CONTEXT_SLICED,
} from "../memory-map";
import { LOW_NIBBLES, highNibbles, lookup, lowNibbles } from "./lookup";
import {
  DOUBLE_T, DOUBLE_U, INPUT_HIGH, INPUT_LOW, INVERSE, INVERSE_A, ONE_DOWN, ONE_UP, OUTPUT_T, OUTPUT_U, ROUND_T, ROUND_U,
  SHIFT, UNSHIFT,
} from "./permute-tables";

/** To the basis of the rounds. */
// @ts-ignore: decorator
@inline
function changeBasis(x: v128, nibbles: v128): v128 {
  return v128.xor(
    lookup(v128.load(INPUT_LOW), lowNibbles(x, nibbles)),
    lookup(v128.load(INPUT_HIGH), highNibbles(x, nibbles)),
  );
}

/**
 * The constant of the S-box, which its tables leave out. MixColumns keeps it, its coefficients adding up to 1, so that the
 * round keys can bring it in.
 */
// @ts-ignore: decorator
@inline
function affineConstant(): v128 {
  return i8x16.splat(0x63);
}

/** SubWord on all four words of a block in the standard basis (FIPS 197 §5.2). */
// @ts-ignore: decorator
@inline
function substituteWords(block: v128): v128 {
  const nibbles = v128.load(LOW_NIBBLES);
  const x = changeBasis(block, nibbles);
  const inverse = v128.load(INVERSE);
  const k = lowNibbles(x, nibbles);
  const i = highNibbles(x, nibbles);
  const j = v128.xor(i, k);
  const ak = lookup(v128.load(INVERSE_A), k);
  const iak = v128.xor(lookup(inverse, i), ak);
  const jak = v128.xor(lookup(inverse, j), ak);
  const io = v128.xor(lookup(inverse, iak), j);
  const jo = v128.xor(lookup(inverse, jak), i);
  return v128.xor(v128.xor(lookup(v128.load(OUTPUT_U), io), lookup(v128.load(OUTPUT_T), jo)), affineConstant());
}

/** The last word of a block to all words, and the same with its bytes moved up by one (RotWord). */
const LAST_WORD: usize = memory.data<u8>([12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15]);
const LAST_WORD_ROTATED: usize = memory.data<u8>([13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12]);

/** Each word added to all words behind it. */
// @ts-ignore: decorator
@inline
function sumsOfWords(x: v128): v128 {
  const zero = i64x2.splat(0);
  const pairs = v128.xor(x, v128.shuffle<u32>(zero, x, 0, 4, 5, 6));
  return v128.xor(pairs, v128.shuffle<u32>(zero, pairs, 0, 1, 4, 5));
}

/** Expands the 16, 24 or 32 bytes at `key` (FIPS 197 §5.2). */
export function expandRoundKeys(context: usize, key: usize, keyLength: u32): void {
  const words = keyLength >> 2;
  const rounds = words + 6;
  const schedule = context + CONTEXT_SCHEDULE;
  store<u32>(context + CONTEXT_ROUNDS, rounds);
  store<u32>(context + CONTEXT_SLICED, 0);
  if (words == 6) expandWords(schedule, key);
  else expandBlocks(schedule, key, words == 8, rounds);
  layOutRoundKeys(context, schedule, rounds);
}

/** For keys of one block or two: four words at a time. */
function expandBlocks(schedule: usize, key: usize, two: bool, rounds: u32): void {
  let previous = v128.load(key);
  v128.store(schedule, previous);
  let before = previous;
  let round: u32 = 1;
  if (two) {
    previous = v128.load(key, 16);
    v128.store(schedule, previous, 16);
    round = 2;
  }
  let constant: u32 = 1;
  for (; round <= rounds; round++) {
    let last: v128;
    if (two && (round & 1) != 0) {
      last = substituteWords(lookup(previous, v128.load(LAST_WORD)));
    } else {
      last = v128.xor(substituteWords(lookup(previous, v128.load(LAST_WORD_ROTATED))), i32x4.splat(constant));
      constant = (constant << 1) ^ (constant >> 7) * 0x11b;
    }
    const next = v128.xor(sumsOfWords(before), last);
    v128.store(schedule + (round << 4), next);
    before = two ? previous : next;
    previous = next;
  }
}

/** For keys of 24 bytes: word by word. */
function expandWords(schedule: usize, key: usize): void {
  for (let i: u32 = 0; i < 24; i += 8) store<u64>(schedule + i, load<u64>(key + i));
  let constant: u32 = 1;
  let previous = load<u32>(key, 20);
  for (let at = schedule + 24; at < schedule + 13 * 16; at += 24) {
    const rotated = i32x4.splat(rotr<u32>(previous, 8));
    previous = i32x4.extract_lane(substituteWords(rotated), 0) ^ constant;
    constant = (constant << 1) ^ (constant >> 7) * 0x11b;
    for (let i: u32 = 0; i < 24 && at + i < schedule + 13 * 16; i += 4) {
      previous ^= load<u32>(at + i - 24);
      store<u32>(at + i, previous);
    }
  }
}

/** The round keys in the basis of the rounds and in the order that they look for them. */
function layOutRoundKeys(context: usize, schedule: usize, rounds: u32): void {
  const nibbles = v128.load(LOW_NIBBLES);
  const roundKeys = context + CONTEXT_ROUND_KEYS;
  for (let round: u32 = 0; round < rounds; round++) {
    const shift = v128.load(SHIFT + ((round & 3) << 4));
    let roundKey = v128.load(schedule + (round << 4));
    if (round > 0) roundKey = v128.xor(roundKey, affineConstant());
    v128.store(roundKeys + (round << 4), lookup(changeBasis(roundKey, nibbles), shift));
  }
  const last = rounds << 4;
  v128.store(roundKeys + last, v128.xor(v128.load(schedule + last), affineConstant()));
}

/** One round but for the key: SubBytes, the ShiftRows that never happens, MixColumns. */
// @ts-ignore: decorator
@inline
function round(x: v128, nibbles: v128, inverse: v128, inverseA: v128, down: v128, up: v128, roundKey: v128): v128 {
  const k = lowNibbles(x, nibbles);
  const i = highNibbles(x, nibbles);
  const j = v128.xor(i, k);
  const ak = lookup(inverseA, k);
  const iak = v128.xor(lookup(inverse, i), ak);
  const jak = v128.xor(lookup(inverse, j), ak);
  const io = v128.xor(lookup(inverse, iak), j);
  const jo = v128.xor(lookup(inverse, jak), i);
  const single = v128.xor(lookup(v128.load(ROUND_U), io), lookup(v128.load(ROUND_T), jo));
  const double = v128.xor(lookup(v128.load(DOUBLE_U), io), lookup(v128.load(DOUBLE_T), jo));
  // With rows a, b, c, d downwards: 2a + b, then that one row down gives 2b + c, and d is one row up.
  const ab = v128.xor(double, lookup(single, down));
  const abd = v128.xor(ab, v128.xor(lookup(single, up), roundKey));
  return v128.xor(abd, lookup(ab, down));
}

// @ts-ignore: decorator
@inline
function lastRound(
  x: v128, nibbles: v128, inverse: v128, inverseA: v128, unshift: v128, roundKey: v128,
): v128 {
  const k = lowNibbles(x, nibbles);
  const i = highNibbles(x, nibbles);
  const j = v128.xor(i, k);
  const ak = lookup(inverseA, k);
  const iak = v128.xor(lookup(inverse, i), ak);
  const jak = v128.xor(lookup(inverse, j), ak);
  const io = v128.xor(lookup(inverse, iak), j);
  const jo = v128.xor(lookup(inverse, jak), i);
  const s = v128.xor(lookup(v128.load(OUTPUT_U), io), lookup(v128.load(OUTPUT_T), jo));
  return v128.xor(lookup(s, unshift), roundKey);
}

/** Encrypts the four blocks at `blocks` in place. */
export function encryptFourBlocks(context: usize, blocks: usize): void {
  const rounds = load<u32>(context + CONTEXT_ROUNDS);
  const roundKeys = context + CONTEXT_ROUND_KEYS;
  const nibbles = v128.load(LOW_NIBBLES);
  const inverse = v128.load(INVERSE);
  const inverseA = v128.load(INVERSE_A);
  let roundKey = v128.load(roundKeys);
  let a = v128.xor(changeBasis(v128.load(blocks), nibbles), roundKey);
  let b = v128.xor(changeBasis(v128.load(blocks, 16), nibbles), roundKey);
  let c = v128.xor(changeBasis(v128.load(blocks, 32), nibbles), roundKey);
  let d = v128.xor(changeBasis(v128.load(blocks, 48), nibbles), roundKey);
  for (let r: u32 = 1; r < rounds; r++) {
    const variant = (r & 3) << 4;
    const down = v128.load(ONE_DOWN + variant);
    const up = v128.load(ONE_UP + variant);
    roundKey = v128.load(roundKeys + (r << 4));
    a = round(a, nibbles, inverse, inverseA, down, up, roundKey);
    b = round(b, nibbles, inverse, inverseA, down, up, roundKey);
    c = round(c, nibbles, inverse, inverseA, down, up, roundKey);
    d = round(d, nibbles, inverse, inverseA, down, up, roundKey);
  }
  const unshift = v128.load(UNSHIFT + ((rounds & 3) << 4));
  roundKey = v128.load(roundKeys + (rounds << 4));
  v128.store(blocks, lastRound(a, nibbles, inverse, inverseA, unshift, roundKey));
  v128.store(blocks, lastRound(b, nibbles, inverse, inverseA, unshift, roundKey), 16);
  v128.store(blocks, lastRound(c, nibbles, inverse, inverseA, unshift, roundKey), 32);
  v128.store(blocks, lastRound(d, nibbles, inverse, inverseA, unshift, roundKey), 48);
}
