/**
 * Where things lie in linear memory. The host reads these addresses from the exports of the module.
 *
 * What one call leaves in the work areas is wiped before it returns to anyone but the same message.
 */

/** Bytes of message that one call takes at most. */
export const CAPACITY: u32 = 65536;

/** The key, 16 to 32 bytes: read by `expandKey`, wiped by it. */
export const KEY: usize = memory.data(32, 16);
/** The 12-byte IV, in a block of its own. */
export const IV: usize = memory.data(16, 16);
/** The tag: written by sealing, read by opening. */
export const TAG: usize = memory.data(16, 16);
/** Message in, message out: AAD, text and 48 bytes of room for padding and lengths. */
export const BUFFER: usize = memory.data(65536 + 64, 16);
/** State of the one message that is in work: see the offsets below. */
export const MESSAGE: usize = memory.data(64, 16);
/** The expanded key of one-shot calls. */
export const CONTEXT: usize = memory.data(6528, 16);
/** Blocks on their way through AES. */
export const BLOCKS: usize = memory.data(64, 16);

/** Bytes of an expanded key, and of a slot that holds one. */
export const CONTEXT_SIZE: u32 = ASC_FEATURE_SIMD ? 6528 : 1472;

/** Offsets in a message: Y of GHASH, the next counter block, E(K, J0), and whether the counter may be known to anybody. */
export const MESSAGE_HASH: usize = 0;
export const MESSAGE_COUNTER: usize = 16;
export const MESSAGE_MASK: usize = 32;
export const MESSAGE_COUNTER_IS_PUBLIC: usize = 48;
/** Bytes of a message's state. */
export const MESSAGE_SIZE: u32 = 64;

/** Offsets in an expanded key. */
export const CONTEXT_ROUNDS: usize = 0;
/** How many powers of H have their tables: 1, 4 or 16. */
export const CONTEXT_POWERS: usize = 4;
/** Whether the bitsliced round keys are there. */
export const CONTEXT_SLICED: usize = 8;
/** H, 16 bytes. */
export const CONTEXT_SUBKEY: usize = 16;
/** Round keys as the standard has them (FIPS 197 §5.2), 15 × 16 bytes. */
export const CONTEXT_SCHEDULE: usize = 32;
/** Round keys as the few-blocks cipher wants them, 15 × 16 bytes. */
export const CONTEXT_ROUND_KEYS: usize = 272;
/** Round keys bitsliced, 15 × 128 bytes. */
export const CONTEXT_SLICES: usize = 512;
/** Tables of the powers of H: 4 quads × 16 × 64 bytes. */
export const CONTEXT_TABLES: usize = 2432;

/** First byte that the module does not use itself. */
export function heapStart(): usize {
  return __heap_base;
}
