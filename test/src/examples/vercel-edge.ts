/** A function in Vercel's edge runtime, bundled as Vercel does: Web standards, and WebAssembly as modules (`?module`). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const EDGE_RUNTIME = join(import.meta.dirname, "../../runtimes/node_modules/edge-runtime/dist/index.js");

/** As much of the package as is needed. */
interface EdgeRuntimeModule {
  readonly EdgeRuntime: new (options: {
    readonly initialCode: string;
    readonly extend: (context: object) => object;
  }) => { dispatchFetch(url: string, init: RequestInit): Promise<Response> };
}

export type Post = (path: string, body: string | Uint8Array<ArrayBuffer>, token: string) => Promise<Response>;

export async function startEdgeFunction(
  directory: string,
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Post> {
  const modules: Record<string, WebAssembly.Module> = {};
  const { outputFiles } = await build({
    stdin: {
      contents: `import handler from "./${file}"; addEventListener("fetch", (event) => event.respondWith(handler(event.request)));`,
      resolveDir: directory,
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    conditions: ["edge-light", "browser", "import"],
    mainFields: ["browser", "module", "main"],
    target: "es2022",
    write: false,
    logLevel: "error",
    plugins: [wasmModules(directory, modules)],
  });
  const { EdgeRuntime } = (await import(pathToFileURL(EDGE_RUNTIME).href)) as EdgeRuntimeModule;
  const runtime = new EdgeRuntime({
    initialCode: outputFiles?.[0]?.text ?? "",
    extend: (context) => Object.assign(context, { wasmModules: modules, process: { env: environment } }),
  });
  return (path, body, token) =>
    runtime.dispatchFetch(`https://edge.example${path}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}` },
    });
}

/** `import module from "x.wasm?module"` is a compiled module, which the platform provides. */
function wasmModules(directory: string, modules: Record<string, WebAssembly.Module>): Plugin {
  const require = createRequire(join(directory, "package.json"));
  return {
    name: "wasm-modules",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm-module" }));
      onLoad({ filter: /.*/, namespace: "wasm-module" }, ({ path }) => {
        modules[path] = new WebAssembly.Module(readFileSync(require.resolve(path.replace("?module", ""))));
        return { contents: `export default globalThis.wasmModules[${JSON.stringify(path)}];` };
      });
    },
  };
}
