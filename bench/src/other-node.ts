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
  const outfile = join(import.meta.dirname, "../dist/main.js");
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    outfile,
    logLevel: "error",
  });
  const { status, error } = spawnSync(program, [outfile, ...parameters], { stdio: "inherit" });
  if (error !== undefined) throw error;
  return status ?? 1;
}
