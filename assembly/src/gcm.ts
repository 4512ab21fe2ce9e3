/**
 * AES-GCM (NIST SP 800-38D §7) over the kernels: the module's exports.
 *
 * The host copies a message, or a piece of one, into BUFFER, calls, and copies the outcome out again. No branch, address
 * or loop count here depends on key, plaintext or tag; lengths are public.
 */
import {
  BLOCKS, BUFFER, CAPACITY, CONTEXT, CONTEXT_SIZE, CONTEXT_SUBKEY, IV, KEY, MESSAGE, MESSAGE_COUNTER,
  MESSAGE_COUNTER_IS_PUBLIC, MESSAGE_HASH, MESSAGE_MASK, MESSAGE_SIZE, TAG, heapStart,
} from "./memory-map";
import {
  beginCounterMode, copy16, counterMode, encryptBlocks, expandRoundKeys, hashBlocks, planCounterMode, planHash, prepareHash, wipe16, wipeContext,
  wipeKernels, xor16,
} from "./kernels";

export { BUFFER, CAPACITY, CONTEXT, CONTEXT_SIZE, IV, KEY, MESSAGE, MESSAGE_SIZE, TAG, heapStart };

/** Bytes that are hashed while they are still in the first-level cache: 256 blocks. */
const PIECE: u32 = 4096;

/** Expands the key at KEY into `context`, with H = E(K, 0¹²⁸) (§7.1 step 1), and wipes KEY. */
export function expandKey(context: usize, keyLength: u32): void {
  expandRoundKeys(context, KEY, keyLength);
  wipe(KEY, 32);
  wipe16(BLOCKS);
  encryptBlocks(context, BLOCKS, 1);
  takeSubkey(context, BLOCKS);
}

/** Makes everything that a key used often will need. */
export function prepare(context: usize): void {
  planHash(context, u32.MAX_VALUE);
  planCounterMode(context, u32.MAX_VALUE);
}

/** Begins a message in pieces with the 12-byte IV at IV: J0 = IV ‖ 0³¹ ‖ 1 (§7.1 step 2). */
export function begin(context: usize): void {
  store<u32>(IV, bswap<u32>(1), 12);
  beginAt(context, IV, true);
}

/** Begins hashing an IV of another length, which then goes through `hash` piece by piece. */
export function beginLongIv(): void {
  wipe16(MESSAGE + MESSAGE_HASH);
}

/** Begins a message whose IV of `length` bytes has been hashed: J0 = GHASH(IV ‖ padding ‖ length) (§7.1 step 2). */
export function endLongIv(context: usize, length: f64): void {
  writeLengths(BLOCKS, 0, <u64>length);
  hashBlocks(context, MESSAGE + MESSAGE_HASH, BLOCKS, 1);
  beginAt(context, MESSAGE + MESSAGE_HASH, false);
}

/** Hashes `length` bytes of BUFFER, filled up with zeros to whole blocks: AAD, or a long IV. */
export function hash(context: usize, length: u32): void {
  pad(BUFFER, length);
  const count = (length + 15) >> 4;
  planHash(context, count);
  hashBlocks(context, MESSAGE + MESSAGE_HASH, BUFFER, count);
}

/** Encrypts and hashes `length` bytes of BUFFER in place; every piece but a message's last is whole blocks. */
export function sealPiece(context: usize, length: u32): void {
  planHash(context, length >> 4);
  sealText(context, BUFFER, length);
}

/** Hashes and decrypts `length` bytes of BUFFER in place; every piece but a message's last is whole blocks. */
export function openPiece(context: usize, length: u32): void {
  planHash(context, length >> 4);
  openText(context, BUFFER, length);
}

/** Ends a message in pieces: its tag at TAG (§7.1 steps 5 and 6). */
export function finish(context: usize, aadLength: f64, textLength: f64): void {
  writeLengths(BLOCKS, <u64>aadLength, <u64>textLength);
  hashBlocks(context, MESSAGE + MESSAGE_HASH, BLOCKS, 1);
  writeTag();
}

/** As `finish`, where the tag of `tagLength` bytes that came with the message is at TAG. Returns 0 if it fits. */
export function verify(context: usize, aadLength: f64, textLength: f64, tagLength: u32): u32 {
  copy16(RECEIVED, TAG);
  finish(context, aadLength, textLength);
  return compareTag(RECEIVED, tagLength);
}

/**
 * A whole message with a 12-byte IV in one call. AAD, filled up to whole blocks, lies at the start of BUFFER and the text
 * behind it; both together are CAPACITY bytes at most. The tag comes to lie behind the text.
 *
 * @param keyLength length of a fresh key at KEY, or 0 if `context` holds an expanded one
 */
export function seal(context: usize, keyLength: u32, aadLength: u32, textLength: u32): void {
  const ready = beginWhole(context, keyLength);
  const aadSpace = (aadLength + 15) & ~15;
  const text = BUFFER + aadSpace;
  const space = aadSpace + ((textLength + 15) & ~15);
  const blocks = (space >> 4) + 1;
  pad(BUFFER, aadLength);
  planHash(context, blocks);
  const used = min(textLength, ready);
  addReady(text, used);
  if (space <= PIECE) {
    addKeyStream(context, text + used, textLength - used);
    pad(text, textLength);
    writeLengths(BUFFER + space, aadLength, textLength);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, BUFFER, blocks);
    writeTag();
  } else {
    hashBlocks(context, MESSAGE + MESSAGE_HASH, BUFFER, aadSpace >> 4);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, text, used >> 4);
    sealText(context, text + used, textLength - used);
    finish(context, aadLength, textLength);
  }
  copy16(text + textLength, TAG);
}

/**
 * The other way, with the tag of `tagLength` bytes that came with the message behind the text.
 *
 * @returns 0 if the tag fits; if not, the host wipes the text and releases nothing of it
 */
export function open(context: usize, keyLength: u32, aadLength: u32, textLength: u32, tagLength: u32): u32 {
  const ready = beginWhole(context, keyLength);
  const aadSpace = (aadLength + 15) & ~15;
  const text = BUFFER + aadSpace;
  const space = aadSpace + ((textLength + 15) & ~15);
  const blocks = (space >> 4) + 1;
  const used = min(textLength, ready);
  pad(BUFFER, aadLength);
  planHash(context, blocks);
  copy16(RECEIVED, text + textLength);
  if (space <= PIECE) {
    pad(text, textLength);
    writeLengths(BUFFER + space, aadLength, textLength);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, BUFFER, blocks);
    writeTag();
    addReady(text, used);
    addKeyStream(context, text + used, textLength - used);
  } else {
    hashBlocks(context, MESSAGE + MESSAGE_HASH, BUFFER, aadSpace >> 4);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, text, used >> 4);
    addReady(text, used);
    openText(context, text + used, textLength - used);
    finish(context, aadLength, textLength);
  }
  return compareTag(RECEIVED, tagLength);
}

/** Wipes `length` bytes, a multiple of 16. */
export function wipe(address: usize, length: u32): void {
  for (const end = address + length; address < end; address += 16) wipe16(address);
}

/** Wipes what a message leaves behind outside of BUFFER and its context. */
export function wipeMessage(): void {
  wipe(BLOCKS, 64);
  wipe(MESSAGE, MESSAGE_SIZE);
  wipe16(TAG);
  wipe16(RECEIVED);
  wipeKernels();
}

/** Wipes what a message under a one-shot key leaves behind outside of BUFFER, whether or not the key was expanded. */
export function wipeFreshKey(context: usize): void {
  wipe(KEY, 32);
  wipeContext(context);
  wipeMessage();
}

/** The tag that came with a message, out of the way of the one that is computed. */
const RECEIVED: usize = memory.data(16, 16);

/**
 * Begins a whole message: J0 and the first counter blocks go through AES together with the zero block of a fresh key.
 *
 * @returns how many bytes of key stream lie ready from the second block of BLOCKS on
 */
function beginWhole(context: usize, keyLength: u32): u32 {
  beginCounterMode();
  store<u32>(MESSAGE + MESSAGE_COUNTER_IS_PUBLIC, 1);
  store<u32>(IV, bswap<u32>(1), 12);
  for (let i: u32 = 0; i < 4; i++) {
    copy16(BLOCKS + (i << 4), IV);
    store<u32>(BLOCKS + (i << 4), bswap<u32>(i + 1), 12);
  }
  wipe16(MESSAGE + MESSAGE_HASH);
  copy16(MESSAGE + MESSAGE_COUNTER, IV);
  let ready: u32 = 3;
  if (keyLength != 0) {
    expandRoundKeys(context, KEY, keyLength);
    wipe(KEY, 32);
    wipe16(BLOCKS + 48);
    ready = 2;
  }
  encryptBlocks(context, BLOCKS, 4);
  if (keyLength != 0) takeSubkey(context, BLOCKS + 48);
  copy16(MESSAGE + MESSAGE_MASK, BLOCKS);
  store<u32>(MESSAGE + MESSAGE_COUNTER, bswap<u32>(ready + 2), 12);
  return ready << 4;
}

/** Adds the key stream that lies ready. */
function addReady(text: usize, length: u32): void {
  for (let i: usize = 0; i < length; i += 16) xor16(text + i, BLOCKS + 16 + i);
}

function takeSubkey(context: usize, block: usize): void {
  copy16(context + CONTEXT_SUBKEY, block);
  wipe16(block);
  prepareHash(context);
}

/** Begins at counter block J0: the mask of the tag is E(K, J0), the text begins at inc₃₂(J0). Y becomes 0. */
function beginAt(context: usize, j0: usize, counterIsPublic: bool): void {
  beginCounterMode();
  store<u32>(MESSAGE + MESSAGE_COUNTER_IS_PUBLIC, counterIsPublic);
  copy16(BLOCKS, j0);
  copy16(MESSAGE + MESSAGE_COUNTER, j0);
  store<u32>(MESSAGE + MESSAGE_COUNTER, bswap<u32>(bswap<u32>(load<u32>(j0, 12)) + 1), 12);
  encryptBlocks(context, BLOCKS, 1);
  copy16(MESSAGE + MESSAGE_MASK, BLOCKS);
  wipe16(MESSAGE + MESSAGE_HASH);
}

function sealText(context: usize, text: usize, length: u32): void {
  planCounterMode(context, length);
  while (length > 0) {
    const piece = min(length, nextPiece());
    addKeyStream(context, text, piece);
    pad(text, piece);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, text, (piece + 15) >> 4);
    text += piece;
    length -= piece;
  }
}

function openText(context: usize, text: usize, length: u32): void {
  planCounterMode(context, length);
  while (length > 0) {
    const piece = min(length, nextPiece());
    pad(text, piece);
    hashBlocks(context, MESSAGE + MESSAGE_HASH, text, (piece + 15) >> 4);
    addKeyStream(context, text, piece);
    text += piece;
    length -= piece;
  }
}

function addKeyStream(context: usize, text: usize, length: u32): void {
  const counterIsPublic = load<u32>(MESSAGE + MESSAGE_COUNTER_IS_PUBLIC) != 0;
  counterMode(context, MESSAGE + MESSAGE_COUNTER, text, length, counterIsPublic);
}

/** Bytes until the counter's last byte comes round to zero, if that may be looked at: counter mode likes to begin there. */
function nextPiece(): u32 {
  if (load<u32>(MESSAGE + MESSAGE_COUNTER_IS_PUBLIC) == 0) return PIECE;
  return PIECE - (<u32>load<u8>(MESSAGE + MESSAGE_COUNTER, 15) << 4);
}

function writeTag(): void {
  copy16(TAG, MESSAGE + MESSAGE_HASH);
  xor16(TAG, MESSAGE + MESSAGE_MASK);
}

/** Compares all bytes, whichever differ. */
function compareTag(received: usize, length: u32): u32 {
  let difference: u32 = 0;
  for (let i: usize = 0; i < length; i++) difference |= load<u8>(received + i) ^ load<u8>(TAG + i);
  return difference;
}

/** The last block of GHASH: lengths in bits, 64 each, big-endian. */
function writeLengths(block: usize, aadLength: u64, textLength: u64): void {
  store<u64>(block, bswap<u64>(aadLength << 3));
  store<u64>(block, bswap<u64>(textLength << 3), 8);
}

/** Fills the last block up with zeros. */
function pad(start: usize, length: u32): void {
  const end = start + ((length + 15) & ~15);
  for (let at = start + length; at < end; at++) store<u8>(at, 0);
}
