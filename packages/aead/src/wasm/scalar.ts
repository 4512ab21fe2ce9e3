/** The engine for a WebAssembly without vectors, in a file of its own that is loaded where it is needed. */
import type { SyncEngine } from "../engine.ts";
import { wasmEngine } from "./engine.ts";
import { hex } from "./gcm-scalar.generated.ts";
import { decodeHex } from "./modules.ts";

let compiled: WebAssembly.Module | undefined;

/**
 * Makes a WebAssembly engine without SIMD, with a memory of its own: slower than {@link wasmEngine}, and everywhere.
 *
 * @throws {WebAssembly.CompileError} if the runtime forbids compiling from bytes
 */
export function scalarWasmEngine(): SyncEngine {
  compiled ??= new WebAssembly.Module(decodeHex(hex));
  return wasmEngine({ name: "wasm-scalar", module: compiled });
}
