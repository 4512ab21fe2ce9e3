/** What takes over where WebAssembly with SIMD can't run: WebAssembly without it, or TypeScript. Loaded where it is needed. */
import type { SyncEngine } from "./engine.ts";

export async function loadFallbackEngine(): Promise<SyncEngine> {
  try {
    return (await import("./wasm/scalar.ts")).scalarWasmEngine();
  } catch {
    return (await import("./typescript/engine.ts")).typescriptEngine();
  }
}
