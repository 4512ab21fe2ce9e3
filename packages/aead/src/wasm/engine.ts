/**
 * AES-GCM in WebAssembly (NIST SP 800-38D): constant-time and synchronous.
 *
 * No branch, memory address or instruction of variable time depends on a key, a plaintext or a value derived from them,
 * in the module as it is shipped; what the runtime's compiler makes of it is measured, not proven. The expanded key and the
 * state of a message are wiped from the module's memory when the call returns.
 */
import type { SyncEngine } from "../engine.ts";
import { checkKey } from "../lengths.ts";
import { instantiate, type Kernel } from "./kernel.ts";
import { keyInSlot } from "./key.ts";
import { compileEmbedded, supports, WASM_ENGINES, type WasmEngineName } from "./modules.ts";
import { type KeyInPlace, openMessage, sealMessage } from "./one-shot.ts";
import { Slots } from "./slots.ts";

/** How to make a WebAssembly engine. */
export interface WasmEngineOptions {
  /**
   * A compiled module of this package (`@kmslite/aead/gcm-simd.wasm` and its like), for runtimes that forbid compiling
   * from bytes. Without it the embedded bytes are compiled.
   */
  readonly module?: WebAssembly.Module | undefined;
  /** Which of the modules; the fastest that the runtime supports unless given. It also names a module handed in. */
  readonly name?: WasmEngineName | undefined;
}

/**
 * Makes a WebAssembly engine with a memory of its own.
 *
 * @throws {WebAssembly.CompileError} if the runtime doesn't know an instruction, or forbids compiling from bytes
 */
export function wasmEngine(options: WasmEngineOptions = {}): SyncEngine {
  const name = options.name ?? WASM_ENGINES.find(supports) ?? "wasm-scalar";
  const kernel = instantiate(options.module ?? compileEmbedded(name));
  const slots = new Slots(kernel);
  return {
    name,
    seal: (key, iv, plaintext, message) =>
      withFreshKey(kernel, key, (place) => sealMessage(kernel, place, iv, plaintext, message)),
    open: (key, iv, sealed, message) =>
      withFreshKey(kernel, key, (place) => openMessage(kernel, place, iv, sealed, message)),
    key: (key) => {
      placeKey(kernel, key);
      return keyInSlot(kernel, slots, key.length);
    },
  };
}

/** Lends the place for one-shot keys, and wipes it whatever happens. */
function withFreshKey(kernel: Kernel, key: Uint8Array, work: (place: KeyInPlace) => Uint8Array): Uint8Array {
  placeKey(kernel, key);
  try {
    return work({ context: kernel.context, freshLength: key.length });
  } finally {
    kernel.exports.wipe(kernel.key, 32);
    kernel.exports.wipe(kernel.context, kernel.contextSize);
    kernel.exports.wipeMessage();
  }
}

function placeKey(kernel: Kernel, key: Uint8Array): void {
  checkKey(key);
  const bytes = kernel.bytes();
  for (let i = 0; i < key.length; i++) bytes[kernel.key + i] = key[i] as number;
}
