/**
 * AES-128 with four tables that are indexed by secrets, as it is commonly written: the control that the checker and the timing test
 * must catch. Never to be used.
 */
export const KEY: usize = memory.data(16, 16);
export const BUFFER: usize = memory.data(16, 16);
const SCHEDULE: usize = memory.data(176, 16);
const S_BOX: usize = memory.data(256, 16);
/** Four tables of 256 words; each is the one before it, rotated by a byte. */
const TABLES: usize = memory.data(4096, 64);

/** Makes the tables: the S-box by walking through GF(2⁸) with a generator and its inverse. */
export function prepare(): void {
  let p: u32 = 1;
  let q: u32 = 1;
  do {
    p = (p ^ (p << 1) ^ (p & 0x80 ? 0x11b : 0)) & 0xff;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const x = (q | (q << 8)) as u32;
    const rotated = (q ^ (x >> 7) ^ (x >> 6) ^ (x >> 5) ^ (x >> 4)) & 0xff;
    store<u8>(S_BOX + p, <u8>(rotated ^ 0x63));
  } while (p != 1);
  store<u8>(S_BOX, 0x63);
  for (let i: u32 = 0; i < 256; i++) {
    const s: u32 = load<u8>(S_BOX + i);
    const double = ((s << 1) ^ (s & 0x80 ? 0x11b : 0)) & 0xff;
    const entry = double | (s << 8) | (s << 16) | ((double ^ s) << 24);
    for (let table: u32 = 0; table < 4; table++) store<u32>(TABLES + (table << 10) + (i << 2), rotl(entry, table << 3));
  }
}

/** Encrypts the block at BUFFER under the key at KEY. */
export function encrypt(): void {
  expand();
  let a = load<u32>(BUFFER) ^ load<u32>(SCHEDULE);
  let b = load<u32>(BUFFER, 4) ^ load<u32>(SCHEDULE, 4);
  let c = load<u32>(BUFFER, 8) ^ load<u32>(SCHEDULE, 8);
  let d = load<u32>(BUFFER, 12) ^ load<u32>(SCHEDULE, 12);
  for (let round: u32 = 1; round < 10; round++) {
    const at = SCHEDULE + (round << 4);
    const e = column(a, b, c, d) ^ load<u32>(at);
    const f = column(b, c, d, a) ^ load<u32>(at, 4);
    const g = column(c, d, a, b) ^ load<u32>(at, 8);
    d = column(d, a, b, c) ^ load<u32>(at, 12);
    a = e;
    b = f;
    c = g;
  }
  store<u32>(BUFFER, last(a, b, c, d) ^ load<u32>(SCHEDULE, 160));
  store<u32>(BUFFER, last(b, c, d, a) ^ load<u32>(SCHEDULE, 164), 4);
  store<u32>(BUFFER, last(c, d, a, b) ^ load<u32>(SCHEDULE, 168), 8);
  store<u32>(BUFFER, last(d, a, b, c) ^ load<u32>(SCHEDULE, 172), 12);
}

function column(a: u32, b: u32, c: u32, d: u32): u32 {
  return entry(0, a) ^ entry(1, b >> 8) ^ entry(2, c >> 16) ^ entry(3, d >> 24);
}

function last(a: u32, b: u32, c: u32, d: u32): u32 {
  return sub(a) | (sub(b >> 8) << 8) | (sub(c >> 16) << 16) | (sub(d >> 24) << 24);
}

function entry(table: u32, byte: u32): u32 {
  return load<u32>(TABLES + (table << 10) + ((byte & 0xff) << 2));
}

function sub(byte: u32): u32 {
  return load<u8>(S_BOX + (byte & 0xff));
}

function expand(): void {
  memory.copy(SCHEDULE, KEY, 16);
  let constant: u32 = 1;
  for (let i: u32 = 4; i < 44; i++) {
    let word = load<u32>(SCHEDULE + ((i - 1) << 2));
    if ((i & 3) == 0) {
      word = rotr(word, 8);
      word = last(word, word, word, word) ^ constant;
      constant = ((constant << 1) ^ (constant & 0x80 ? 0x11b : 0)) & 0xff;
    }
    store<u32>(SCHEDULE + (i << 2), load<u32>(SCHEDULE + ((i - 4) << 2)) ^ word);
  }
}
