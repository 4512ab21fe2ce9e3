/** Chooses the best synchronous engine of this runtime, and loads it where it is not at hand. */
import type { EngineName, SyncEngine } from "./engine.ts";
import { loadFallbackEngine } from "./fallback-engine.ts";
import { wasmEngine } from "./wasm/engine.ts";

let best: Promise<SyncEngine> | undefined;

/**
 * An engine by its name, newly made, or the best synchronous one here: WebAssembly, with SIMD if there is any, or TypeScript where there is no WebAssembly or
 * compiling it is forbidden (a Content-Security-Policy without `wasm-unsafe-eval`, an edge runtime).
 *
 * The best one is chosen at the first call and kept for the life of the process or realm. Engines other than WebAssembly
 * with SIMD are loaded by `import()` when they are needed.
 *
 * @throws {WebAssembly.CompileError} if it is a WebAssembly engine that was asked for, and the runtime can't run it
 */
export async function loadEngine(name?: Exclude<EngineName, "webcrypto">): Promise<SyncEngine> {
  if (name === "typescript") return (await import("./typescript/engine.ts")).typescriptEngine();
  if (name === "wasm-scalar") return (await import("./wasm/scalar.ts")).scalarWasmEngine();
  if (name !== undefined) return wasmEngine({ name });
  best ??= bestEngine();
  return best;
}

async function bestEngine(): Promise<SyncEngine> {
  return vectorEngine() ?? loadFallbackEngine();
}

/** WebAssembly with SIMD if it can run. What stands in its way is no fault: the others are only slower. */
export function vectorEngine(): SyncEngine | undefined {
  try {
    return wasmEngine();
  } catch {
    return undefined;
  }
}
