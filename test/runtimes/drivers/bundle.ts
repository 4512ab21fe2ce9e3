/** Bundles an entry for a runtime: the same behaviours for all. */
import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";

const ENTRIES = join(import.meta.dirname, "../entries");

/** Compiled modules lie beside the bundle, for runtimes that import them. */
const importedModules: Plugin = {
  name: "imported modules",
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: `./${basename(path)}`, external: true }));
  },
};

/** @param external what the runtime itself has */
export async function bundle(
  entry: string,
  external: readonly string[] = [],
  format: "esm" | "iife" = "esm",
): Promise<string> {
  const isProcess = external.includes("node:*");
  const { outputFiles } = await build({
    entryPoints: [join(ENTRIES, entry)],
    bundle: true,
    format,
    platform: isProcess ? "node" : "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
    // A native add-on is no part of a bundle; whoever has a PKCS#11 token installs it.
    external: [...external, ...(isProcess ? ["pkcs11js"] : [])],
    plugins: [importedModules],
    mainFields: ["module", "main"],
    conditions: isProcess ? ["node", "import"] : ["browser", "import"],
    // The SDK's files for Node.js are CommonJS, and require what the runtime has.
    banner: isProcess
      ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
      : {},
  });
  return outputFiles[0]?.text ?? "";
}
