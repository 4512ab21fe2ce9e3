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

/** Expands the 16, 24 or 32 bytes at `key` (FIPS 197 §5.2). */
export function expandRoundKeys(context: usize, key: usize, keyLength: u32): void {
  const words = keyLength >> 2;
  const rounds = words + 6;
  const schedule = context + CONTEXT_SCHEDULE;
  store<u32>(context + CONTEXT_ROUNDS, rounds);
  store<u32>(context + CONTEXT_SLICED, 0);
  for (let i: u32 = 0; i < words; i++) store<u32>(schedule + (i << 2), load<u32>(key + (i << 2)));
  const end = (rounds + 1) << 2;
  let roundConstant: u32 = 1;
  let previous = load<u32>(schedule + ((words - 1) << 2));
  let phase: u32 = 0;
  for (let i = words; i < end; i++) {
    if (phase == 0) {
      previous = i32x4.extract_lane(substituteWords(i32x4.splat(rotr<u32>(previous, 8))), 0) ^ roundConstant;
      roundConstant = (roundConstant << 1) ^ (roundConstant >> 7) * 0x11b;
    } else if (words == 8 && phase == 4) {
      previous = i32x4.extract_lane(substituteWords(i32x4.splat(previous)), 0);
    }
    previous ^= load<u32>(schedule + ((i - words) << 2));
    store<u32>(schedule + (i << 2), previous);
    if (++phase == words) phase = 0;
  }
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
