/** The vector modules: which of them this runtime can run, and their compilation from the embedded bytes. */
import type { EngineName } from "../engine.ts";
import { hex } from "./gcm-relaxed-simd.generated.ts";
import { plainSwizzle } from "./plain-swizzle.ts";

/** The engines that run on WebAssembly. */
export type WasmEngineName = Extract<EngineName, `wasm-${string}`>;
/** Those of them that are embedded here. The scalar one is in a file of its own, as few need it. */
export type VectorEngineName = Exclude<WasmEngineName, "wasm-scalar">;

/** The faster one first. */
export const VECTOR_ENGINES: readonly VectorEngineName[] = ["wasm-relaxed-simd", "wasm-simd"];

const compiled = new Map<VectorEngineName, WebAssembly.Module>();

/** The module from the embedded bytes, compiled once. */
export function compileEmbedded(name: VectorEngineName): WebAssembly.Module {
  let module = compiled.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(bytesOf(name));
    compiled.set(name, module);
  }
  return module;
}

/** Whether the runtime knows every instruction of the module. It says nothing on whether compiling is allowed. */
export function supports(name: VectorEngineName): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytesOf(name));
}

let relaxed: Uint8Array<ArrayBuffer> | undefined;

function bytesOf(name: VectorEngineName): Uint8Array<ArrayBuffer> {
  relaxed ??= decodeHex(hex);
  return name === "wasm-relaxed-simd" ? relaxed : plainSwizzle(relaxed);
}

/** What newer runtimes have for it; the loop takes milliseconds of a cold start, which is before any of it is compiled. */
const builtIn: typeof Uint8Array & { readonly fromHex?: (digits: string) => Uint8Array<ArrayBuffer> } =
  Uint8Array;

export function decodeHex(digits: string): Uint8Array<ArrayBuffer> {
  if (builtIn.fromHex !== undefined) return builtIn.fromHex(digits);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
  return bytes;
}
