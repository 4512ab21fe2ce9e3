/** Chooses the best synchronous engine of this runtime. */
import type { SyncEngine } from "./engine.ts";
import { typescriptEngine } from "./typescript/engine.ts";
import { wasmEngine } from "./wasm/engine.ts";

let chosen: SyncEngine | undefined;

/**
 * The best synchronous engine here: WebAssembly, or TypeScript where there is none or compiling is forbidden (a
 * Content-Security-Policy without `wasm-unsafe-eval`, an edge runtime). Chosen at the first call and kept for the life of the
 * process or realm.
 */
export function defaultSyncEngine(): SyncEngine {
  chosen ??= bestEngine();
  return chosen;
}

function bestEngine(): SyncEngine {
  try {
    return wasmEngine();
  } catch {
    // No WebAssembly at all (ReferenceError), or none from bytes (CompileError): both are no fault, only slower.
    return typescriptEngine();
  }
}
