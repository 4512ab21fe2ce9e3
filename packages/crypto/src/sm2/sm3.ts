/**
 * SM3 (GB/T 32905-2016, ISO/IEC 10118-3:2018 §17, draft-sca-cfrg-sm3), a hash of 256 bits like SHA-256 in its shape.
 *
 * Names are those of the standard: W and W′ for the expanded message, A to H for the state, FF, GG, P0 and P1 for its
 * functions. Messages are hashed whole: those of the KMS have 4,096 bytes at most. No branch or index depends on them.
 */

/** Length of a digest in bytes. */
const DIGEST_LENGTH = 32;

const BLOCK_LENGTH = 64;

/** The initial value, §4.1. */
const IV = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;

/** The constants of the rounds, §4.2, each turned by its round already. */
const T: Int32Array = Int32Array.from({ length: 64 }, (_, j) =>
  rotateLeft(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32),
);

/** A hash function with the length of its digests, as those of `@noble/hashes` are. */
interface HashFunction {
  (message: Uint8Array): Uint8Array;
  readonly outputLen: number;
}

/** @returns 32 bytes */
export const sm3: HashFunction = Object.assign(hashWhole, { outputLen: DIGEST_LENGTH });

function hashWhole(message: Uint8Array): Uint8Array {
  const padded = pad(message);
  const blocks = new DataView(padded.buffer);
  const V = Int32Array.from(IV);
  const W = new Int32Array(68);
  for (let offset = 0; offset < padded.length; offset += BLOCK_LENGTH) {
    expand(blocks, offset, W);
    compress(V, W);
  }
  const digest = new Uint8Array(DIGEST_LENGTH);
  const view = new DataView(digest.buffer);
  for (let i = 0; i < V.length; i++) view.setInt32(4 * i, V[i] as number);
  padded.fill(0);
  W.fill(0);
  return digest;
}

/** §5.2: a one bit, zeros, and the length in bits as 64 bits. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(BLOCK_LENGTH * Math.ceil((message.length + 9) / BLOCK_LENGTH));
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, message.length << 3);
  return padded;
}

/** Message expansion, §5.3.2. */
function expand(blocks: DataView, offset: number, W: Int32Array): void {
  for (let j = 0; j < 16; j++) W[j] = blocks.getInt32(offset + 4 * j);
  for (let j = 16; j < 68; j++) {
    const mixed = (W[j - 16] as number) ^ (W[j - 9] as number) ^ rotateLeft(W[j - 3] as number, 15);
    W[j] = P1(mixed) ^ rotateLeft(W[j - 13] as number, 7) ^ (W[j - 6] as number);
  }
}

/** The compression function, §5.3.3. W′[j] is W[j] ⊕ W[j + 4]. */
function compress(V: Int32Array, W: Int32Array): void {
  let [A, B, C, D, E, F, G, H] = Array.from(V) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let j = 0; j < 64; j++) {
    const A12 = rotateLeft(A, 12);
    const SS1 = rotateLeft((A12 + E + (T[j] as number)) | 0, 7);
    const SS2 = SS1 ^ A12;
    const FF = j < 16 ? A ^ B ^ C : (A & B) | (A & C) | (B & C);
    const GG = j < 16 ? E ^ F ^ G : (E & F) | (~E & G);
    const TT1 = (FF + D + SS2 + ((W[j] as number) ^ (W[j + 4] as number))) | 0;
    const TT2 = (GG + H + SS1 + (W[j] as number)) | 0;
    D = C;
    C = rotateLeft(B, 9);
    B = A;
    A = TT1;
    H = G;
    G = rotateLeft(F, 19);
    F = E;
    E = TT2 ^ rotateLeft(TT2, 9) ^ rotateLeft(TT2, 17);
  }
  [A, B, C, D, E, F, G, H].forEach((word, i) => {
    V[i] = (V[i] as number) ^ word;
  });
}

function P1(x: number): number {
  return x ^ rotateLeft(x, 15) ^ rotateLeft(x, 23);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
