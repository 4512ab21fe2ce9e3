/** SHA-256 (FIPS 180-4 §6.2): in WebAssembly where that can be compiled, by @noble/hashes elsewhere. */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { sha256Kernel } from "./wasm/sha256-kernel.ts";

/**
 * The digest of the concatenation of `parts`.
 *
 * @returns 32 bytes
 */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const kernel = sha256Kernel();
  if (kernel !== null) return kernel.hash(parts);
  const state = nobleSha256.create();
  for (const part of parts) state.update(part);
  return state.digest();
}
