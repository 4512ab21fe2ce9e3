/** AES-GCM in WebAssembly (NIST SP 800-38D): whole messages, keys that are kept, messages in chunks. */
import type { SyncEngine } from "../engine.ts";
import { checkKey } from "../lengths.ts";
import { keyInSlot } from "./key.ts";
import { messageEngineOn, type WasmEngineOptions } from "./message-engine.ts";
import { Slots } from "./slots.ts";

/**
 * Makes a WebAssembly engine with a memory of its own.
 *
 * @throws {WebAssembly.CompileError} if the runtime doesn't know an instruction, or forbids compiling from bytes
 * @throws {ReferenceError} if there is no WebAssembly
 */
export function wasmEngine(options: WasmEngineOptions = {}): SyncEngine {
  const { engine, kernel } = messageEngineOn(options);
  const slots = new Slots(kernel);
  return {
    ...engine,
    key: (key) => {
      checkKey(key);
      return keyInSlot(kernel, slots, key);
    },
  };
}
