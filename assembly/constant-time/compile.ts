/** Compiles AssemblyScript for the checker's own tests, with the options of the real build. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const assembly = join(import.meta.dirname, "..");

/**
 * @param entry  a source file, as a path below `assembly/`
 * @param change what to make of a source file before it is compiled; for mutants
 */
export async function compile(
  entry: string,
  features: readonly string[] = [],
  change: (file: string, text: string) => string = (_, text) => text,
): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const options = ["-O3", "--noAssert", "--runtime", "stub", "--use", "abort=", "--disableWarning", "112"];
  const enabled = features.flatMap((feature) => ["--enable", feature]);
  const { error, stderr } = await asc.main([entry, "--outFile", "module.wasm", ...options, ...enabled], {
    readFile: (file) => {
      const path = join(assembly, file);
      return existsSync(path) ? change(file, readFileSync(path, "utf8")) : null;
    },
    writeFile: (_file, contents) => {
      bytes = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined) throw new Error(`${entry}: ${error}\n${stderr.toString()}`);
  return bytes;
}
