/** Drives Vercel's edge runtime, which has Web standards only and keeps nothing. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Answer } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import { importInstalled, installedVersion } from "./installed.ts";
import type { Runtime } from "./runtime.ts";

/** As much of the package as is needed. */
interface EdgeRuntimeModule {
  readonly EdgeRuntime: new (options: {
    readonly initialCode: string;
    readonly extend: (context: object) => object;
  }) => { dispatchFetch(url: string, init: RequestInit): Promise<Response> };
}

export function edgeRuntime(): Runtime {
  return {
    name: "edge-runtime",
    find: async () => installedVersion("edge-runtime"),
    start: async (version) => {
      const { EdgeRuntime } = await importInstalled<EdgeRuntimeModule>("edge-runtime/dist/index.js");
      const initialCode = await bundle("edge.ts", [], "iife");
      const require = createRequire(import.meta.url);
      const moduleOf = (name: string) =>
        new WebAssembly.Module(readFileSync(require.resolve(`@kmslite/aead/${name}.wasm`)));
      const modules = {
        "wasm-scalar": moduleOf("gcm-scalar"),
        "wasm-simd": moduleOf("gcm-simd"),
        "wasm-relaxed-simd": moduleOf("gcm-relaxed-simd"),
      };
      return {
        version: () => version,
        ask: async (question) => {
          const runtime = new EdgeRuntime({
            initialCode,
            extend: (context) => Object.assign(context, { modules }),
          });
          const response = await runtime.dispatchFetch("https://edge.example/suite", {
            method: "POST",
            body: JSON.stringify(question),
          });
          if (!response.ok) throw new Error(await response.text());
          return (await response.json()) as Answer;
        },
        stop: async () => {},
      };
    },
  };
}
