/** Runs these benchmarks on another Node.js, one too old to run TypeScript as it is: bundled, with dependencies left outside. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

/**
 * @param program   the other `node`
 * @param parameters what to pass on
 * @returns its exit code
 */
export async function runOnOtherNode(program: string, parameters: readonly string[]): Promise<number> {
  const outdir = join(import.meta.dirname, "../dist");
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    outdir,
    // What is imported when it is needed stays so, with what it needs itself.
    splitting: true,
    logLevel: "error",
  });
  const { status, error } = spawnSync(program, [join(outdir, "main.js"), ...parameters], {
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}
