/**
 * Whole messages in WebAssembly (NIST SP 800-38D): constant-time and synchronous.
 *
 * No branch, memory address or instruction of variable time depends on a key, a plaintext or a value derived from them,
 * in the module as it is shipped; what the runtime's compiler makes of it is measured, not proven. The expanded key and the
 * state of a message are wiped from the module's memory when the call returns.
 */
import type { MessageEngine } from "../engine.ts";
import { checkKey } from "../lengths.ts";
import { instantiate, type Kernel } from "./kernel.ts";
import {
  compileEmbedded,
  supports,
  VECTOR_ENGINES,
  type VectorEngineName,
  type WasmEngineName,
} from "./modules.ts";
import { type KeyInPlace, openMessage, sealMessage } from "./one-shot.ts";

/** How to make a WebAssembly engine: from the embedded bytes, or from a module that is handed in. */
export type WasmEngineOptions =
  | {
      readonly module?: undefined;
      /** Which of the embedded modules; the faster one that the runtime supports unless given. */
      readonly name?: VectorEngineName | undefined;
    }
  | {
      /**
       * A compiled module of this package (`@kmslite/aead/gcm-simd.wasm` and its like), for runtimes that forbid compiling
       * from bytes.
       */
      readonly module: WebAssembly.Module;
      /** Which one it is; `wasm-simd` unless given. */
      readonly name?: WasmEngineName | undefined;
    };

/**
 * As `wasmEngine`, without what keys that are kept and messages in chunks take.
 *
 * @throws {WebAssembly.CompileError} if the runtime doesn't know an instruction, or forbids compiling from bytes
 * @throws {ReferenceError} if there is no WebAssembly
 */
export function wasmMessageEngine(options: WasmEngineOptions = {}): MessageEngine {
  return messageEngineOn(options).engine;
}

/** The engine, and the kernel with a memory of its own that it runs on. */
export function messageEngineOn(options: WasmEngineOptions): {
  readonly engine: MessageEngine;
  readonly kernel: Kernel;
} {
  const { name, module } = moduleOf(options);
  const kernel = instantiate(module);
  const engine: MessageEngine = {
    name,
    seal: (key, iv, plaintext, message) =>
      withFreshKey(kernel, key, (place) => sealMessage(kernel, place, iv, plaintext, message)),
    open: (key, iv, sealed, message) =>
      withFreshKey(kernel, key, (place) => openMessage(kernel, place, iv, sealed, message)),
  };
  return { engine, kernel };
}

function moduleOf(options: WasmEngineOptions): { name: WasmEngineName; module: WebAssembly.Module } {
  if (options.module !== undefined) return { name: options.name ?? "wasm-simd", module: options.module };
  const name = options.name ?? VECTOR_ENGINES.find(supports) ?? "wasm-simd";
  return { name, module: compileEmbedded(name) };
}

/** Lends the place for one-shot keys, and wipes it whatever happens. */
function withFreshKey(kernel: Kernel, fresh: Uint8Array, work: (key: KeyInPlace) => Uint8Array): Uint8Array {
  checkKey(fresh);
  try {
    return work({ context: kernel.context, fresh });
  } finally {
    kernel.exports.wipeFreshKey(kernel.context);
  }
}
