/** Which of the modules this runtime can run, and their compilation from the embedded bytes. */
import type { EngineName } from "../engine.ts";
import { base64 as relaxedSimd } from "./gcm-relaxed-simd.generated.ts";
import { base64 as scalar } from "./gcm-scalar.generated.ts";
import { base64 as simd } from "./gcm-simd.generated.ts";

/** The engines that run on WebAssembly. */
export type WasmEngineName = Extract<EngineName, `wasm-${string}`>;

/** From the fastest to the one that runs everywhere. */
export const WASM_ENGINES: readonly WasmEngineName[] = ["wasm-relaxed-simd", "wasm-simd", "wasm-scalar"];

const embedded: Record<WasmEngineName, string> = {
  "wasm-relaxed-simd": relaxedSimd,
  "wasm-simd": simd,
  "wasm-scalar": scalar,
};

const compiled = new Map<WasmEngineName, WebAssembly.Module>();

/** The module from the embedded bytes, compiled once. */
export function compileEmbedded(name: WasmEngineName): WebAssembly.Module {
  let module = compiled.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(decodeBase64(embedded[name]));
    compiled.set(name, module);
  }
  return module;
}

/** Whether the runtime knows every instruction of the module. It says nothing on whether compiling is allowed. */
export function supports(name: WasmEngineName): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(decodeBase64(embedded[name]));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
