// Builds the AssemblyScript kernels: packages/aead/wasm/*.wasm, and generated modules beside the loader, so that they also
// load where no file or URL is at hand. Does nothing when the outputs are newer than the sources.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import asc from "assemblyscript/asc";
import binaryen from "binaryen";
import { plainSwizzle } from "../packages/aead/src/wasm/plain-swizzle.ts";

const here = import.meta.dirname;
const aead = join(here, "../packages/aead");
const crypto = join(here, "../packages/crypto");

const builds = [
  { name: "gcm-scalar", source: "src/gcm.ts", into: aead, features: [] },
  { name: "gcm-relaxed-simd", source: "src/gcm.ts", into: aead, features: ["simd", "relaxed-simd"] },
  { name: "hmac-sha256", source: "src/hmac-sha256.ts", into: crypto, features: ["simd"] },
] as const;

/** Functions whose statements stand in the order that needs fewest registers, which the optimizer knows nothing of. */
const KEPT_IN_ORDER = ["src/simd/rounds/runRounds"];

const newestSource = Math.max(
  ...readdirSync(join(here, "src"), { recursive: true, encoding: "utf8" }).map((file) =>
    changed(join(here, "src", file)),
  ),
  changed(join(here, "build.ts")),
  changed(join(aead, "src/wasm/plain-swizzle.ts")),
  changed(join(here, "package.json")),
);

for (const { name, source, into, features } of builds) {
  const module = join(into, "wasm", `${name}.wasm`);
  const generated = join(into, "src/wasm", `${name}.generated.ts`);
  const plain = name === "gcm-relaxed-simd" ? [join(aead, "wasm/gcm-simd.wasm")] : [];
  if ([module, generated, ...plain].every((output) => changed(output) > newestSource)) continue;
  const bytes = await compile(name, source, features);
  for (const path of plain) writeWhole(path, withPlainSwizzle(bytes));
  writeWhole(module, bytes);
  writeWhole(generated, generatedModule(name, bytes));
  console.log(`${name}.wasm: ${bytes.length} bytes`);
}

/** The other vector module, and proof that it differs in that instruction alone. */
function withPlainSwizzle(relaxed: Uint8Array): Uint8Array {
  const plain = plainSwizzle(relaxed);
  const expected = textOf(relaxed).replaceAll("i8x16.relaxed_swizzle", "i8x16.swizzle");
  if (textOf(plain) !== expected)
    throw new Error("gcm-simd: it differs from gcm-relaxed-simd in more than swizzles");
  return plain;
}

function textOf(bytes: Uint8Array): string {
  const module = binaryen.readBinary(bytes);
  const text = module.emitText();
  module.dispose();
  return text;
}

async function compile(name: string, source: string, features: readonly string[]): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      source,
      "--outFile",
      `${name}.wasm`,
      // Optimized below, function by function; that needs their names.
      "-O0",
      "--debug",
      "--noAssert",
      "--runtime",
      "stub",
      // The host's addresses and lengths are checked before they come here; there is nothing to abort for.
      "--use",
      "abort=",
      // Registers of 128 bits cross functions inside the module only, never its border.
      "--disableWarning",
      "112",
      ...features.flatMap((feature) => ["--enable", feature]),
    ],
    {
      readFile: (file) => {
        const path = join(here, file);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: (file, contents) => {
        if (file.endsWith(".wasm")) bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === undefined) throw new Error(`${name}: ${error}\n${stderr.toString()}`);
  if (stderr.toString() !== "") console.error(stderr.toString());
  return optimized(bytes);
}

function optimized(bytes: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(bytes);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(1);
  binaryen.setDebugInfo(false);
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const reference = module.getFunctionByIndex(index);
    const { name } = binaryen.getFunctionInfo(reference);
    if (KEPT_IN_ORDER.includes(name)) {
      module.runPassesOnFunction(reference, [
        "dce",
        "optimize-instructions",
        "coalesce-locals",
        "reorder-locals",
        "vacuum",
      ]);
    } else {
      // What one pass uncovers the next one uses.
      module.optimizeFunction(reference);
      module.optimizeFunction(reference);
    }
  }
  module.runPasses([
    "simplify-globals",
    "memory-packing",
    "duplicate-function-elimination",
    "remove-unused-module-elements",
    "strip-debug",
    "strip-producers",
    "strip-target-features",
  ]);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

/** In hexadecimal digits: unlike base64 they leave bytes whole, which what compresses the package afterwards can make use of. */
function generatedModule(name: string, bytes: Uint8Array): string {
  const digits = Buffer.from(bytes).toString("hex");
  return `/** ${name}.wasm, ${bytes.length} bytes, in hexadecimal digits. Generated by assembly/build.ts. */\nexport const hex: string =\n  "${digits}";\n`;
}

/** Writes so that nobody reads half a file. */
function writeWhole(path: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

function changed(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
