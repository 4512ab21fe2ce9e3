/** Bundles an entry for a runtime: the same behaviours for all. */
import { join } from "node:path";
import { build } from "esbuild";

const ENTRIES = join(import.meta.dirname, "../entries");

/** @param external what the runtime itself has */
export async function bundle(entry: string, external: readonly string[] = []): Promise<string> {
  const isProcess = external.includes("node:*");
  const { outputFiles } = await build({
    entryPoints: [join(ENTRIES, entry)],
    bundle: true,
    format: "esm",
    platform: isProcess ? "node" : "browser",
    target: "es2022",
    write: false,
    logLevel: "error",
    external: [...external],
    mainFields: ["module", "main"],
    conditions: isProcess ? ["node", "import"] : ["browser", "import"],
    // The SDK's files for Node.js are CommonJS, and require what the runtime has.
    banner: isProcess
      ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
      : {},
  });
  return outputFiles[0]?.text ?? "";
}
