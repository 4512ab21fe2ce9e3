/**
 * AES-GCM (NIST SP 800-38D) for whole messages alone: a third less code than all of it, for those who keep no keys and have no
 * messages in chunks.
 *
 * @module
 */

// First, so that it stands at one end of a bundle: between the code, its digits gzip to 275 bytes more.
import "./wasm/gcm-relaxed-simd.generated.ts";
import type { MessageEngine } from "./engine.ts";
import { loadFallbackEngine } from "./fallback-engine.ts";
import { wasmMessageEngine } from "./wasm/message-engine.ts";

export {
  AuthenticationError,
  type EngineName,
  type MessageEngine,
  type MessageOptions,
  type WholeMessageOptions,
} from "./engine.ts";
export { type WasmEngineOptions, wasmMessageEngine } from "./wasm/message-engine.ts";

let best: Promise<MessageEngine> | undefined;

/** As `loadEngine` chooses it, and kept as long; where it is not WebAssembly with SIMD, all of that engine is loaded. */
export function loadMessageEngine(): Promise<MessageEngine> {
  best ??= bestEngine();
  return best;
}

async function bestEngine(): Promise<MessageEngine> {
  try {
    return wasmMessageEngine();
  } catch {
    return loadFallbackEngine();
  }
}
