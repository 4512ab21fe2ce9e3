/** The kernels that this build is made of: SIMD where the build enables it, 64-bit integers where not. */
import { CONTEXT_SIZE } from "./memory-map";
import * as scalar from "./scalar/index";
import * as simd from "./simd/index";

export function expandRoundKeys(context: usize, key: usize, keyLength: u32): void {
  if (ASC_FEATURE_SIMD) simd.expandRoundKeys(context, key, keyLength);
  else scalar.expandRoundKeys(context, key, keyLength);
}
/** Encrypts 1 to 4 blocks in place; there must be room for 4. */
export function encryptBlocks(context: usize, blocks: usize, count: u32): void {
  if (ASC_FEATURE_SIMD) simd.encryptFourBlocks(context, blocks);
  else scalar.encryptFourBlocks(context, blocks);
}
export function planCounterMode(context: usize, length: u32): void {
  if (ASC_FEATURE_SIMD) simd.planCounterMode(context, length);
}
/** Gets ready for another message. */
export function beginCounterMode(): void {
  if (ASC_FEATURE_SIMD) simd.beginCounterMode();
}
export function counterMode(
  context: usize, counterBlock: usize, text: usize, length: u32, counterIsPublic: bool,
): void {
  if (ASC_FEATURE_SIMD) simd.counterMode(context, counterBlock, text, length, counterIsPublic);
  else scalar.counterMode(context, counterBlock, text, length);
}
export function prepareHash(context: usize): void {
  if (ASC_FEATURE_SIMD) simd.prepareHash(context);
}
/** Gets ready to hash `count` blocks. */
export function planHash(context: usize, count: u32): void {
  if (ASC_FEATURE_SIMD) simd.planHash(context, count);
}
export function hashBlocks(context: usize, hash: usize, blocks: usize, count: u32): void {
  if (ASC_FEATURE_SIMD) simd.hashBlocks(context, hash, blocks, count);
  else scalar.hashBlocks(context, hash, blocks, count);
}
/** Wipes as much of a context as was ever written. */
export function wipeContext(context: usize): void {
  if (ASC_FEATURE_SIMD) simd.wipeContext(context);
  else for (let at = context; at < context + CONTEXT_SIZE; at += 16) wipe16(at);
}
/** Wipes what the kernels leave behind outside of a context. */
export function wipeKernels(): void {
  if (ASC_FEATURE_SIMD) {
    simd.wipeHash();
    simd.wipeCounterMode();
  } else {
    scalar.wipeState();
  }
}
// @ts-ignore: decorator
@inline
export function wipe16(address: usize): void {
  store<u64>(address, 0);
  store<u64>(address, 0, 8);
}
// @ts-ignore: decorator
@inline
export function copy16(to: usize, from: usize): void {
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
}
// @ts-ignore: decorator
@inline
export function xor16(to: usize, from: usize): void {
  store<u64>(to, load<u64>(to) ^ load<u64>(from));
  store<u64>(to, load<u64>(to, 8) ^ load<u64>(from, 8), 8);
}
