/**
 * What a user downloads: bundles of a few lines of code, minified and gzipped, WebAssembly included. What is fetched before the first
 * line runs is held to a budget; what `import()` fetches later is shown beside it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Metafile, type OutputFile } from "esbuild";

const run = promisify(execFile);

/** A bundle that is measured. */
export interface SizedBundle {
  readonly id: string;
  /** What the user wrote. */
  readonly code: string;
  /** Bytes that the initial download may have. */
  readonly budget?: number;
  /** Whether it can be run, to see which chunks it comes to load. */
  readonly runs?: boolean;
}

/** Sizes in bytes, after gzip at level 9. */
export interface BundleSize {
  readonly id: string;
  /** The static graph of the entry. */
  readonly initial: number;
  /** Chunks that are loaded on demand, together. */
  readonly onDemand: number;
  readonly chunks: number;
  /** What was loaded when the code had run to its end, the initial download included. */
  readonly loaded?: number;
  readonly budget?: number;
  /** Packages in the initial download that have no business there. */
  readonly intruders: readonly string[];
}

const KiB = 1024;

/** Create, encrypt, decrypt, data keys and rotation over IndexedDB: what the budget of the browser is for. */
const SYMMETRIC_KMS = `
  import { browserRootKey, createKms, indexedDbStore } from "kmslite/browser";
  const kms = await createKms({ root: await browserRootKey(), store: await indexedDbStore() });
  const { KeyMetadata } = await kms.createKey({});
  const KeyId = KeyMetadata.KeyId;
  await kms.enableKeyRotation({ KeyId });
  await kms.rotateKeyOnDemand({ KeyId });
  const dataKey = await kms.generateDataKey({ KeyId, KeySpec: "AES_256" });
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: dataKey.Plaintext });
  globalThis.done = await kms.decrypt({ CiphertextBlob });
`;

export const SIZED_BUNDLES: readonly SizedBundle[] = [
  { id: "start.size.aead", code: 'export * from "@kmslite/aead";', budget: 12 * KiB },
  { id: "start.size.browser-kms", code: SYMMETRIC_KMS, budget: 40 * KiB, runs: true },
  { id: "start.size.browser-entry", code: 'export * from "kmslite/browser";' },
  { id: "start.size.worker-entry", code: 'export * from "kmslite/worker";' },
  { id: "start.size.lambda-entry", code: 'export * from "kmslite/lambda";' },
  { id: "start.size.deno-entry", code: 'export * from "kmslite/deno";' },
];

/** Packages that the initial download may be made of. */
const EXPECTED = /^(?:kmslite|@kmslite\/[a-z]+|@noble\/hashes)$/;

/** Bundles for browsers, which fails on anything of Node.js, and measures. */
export async function sizeOf({ id, code, budget, runs = false }: SizedBundle): Promise<BundleSize> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, sourcefile: "user.js" },
    entryNames: "user",
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const bytes = new Map(
    outputFiles.map((file) => [basename(file.path), gzipSync(file.contents, { level: 9 }).length]),
  );
  const initial = staticChunks(metafile);
  const sum = (files: readonly string[]) =>
    files.reduce((total, file) => total + (bytes.get(basename(file)) ?? 0), 0);
  const others = Object.keys(metafile.outputs).filter((file) => !initial.includes(file));
  return {
    id,
    initial: sum(initial),
    onDemand: sum(others),
    chunks: others.length,
    ...(runs ? { loaded: sum(await loadedChunks(outputFiles)) } : {}),
    ...(budget === undefined ? {} : { budget }),
    intruders: packagesIn(metafile, initial).filter((name) => !EXPECTED.test(name)),
  };
}

/** Runs the bundle in a process of its own. */
async function loadedChunks(files: readonly OutputFile[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "kmslite-bundle-"));
  try {
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    for (const { path, contents } of files) await writeFile(join(folder, basename(path)), contents);
    const child = join(import.meta.dirname, "children/loaded-chunks.js");
    const { stdout } = await run(process.execPath, [child, folder], { timeout: 60_000 });
    return JSON.parse(stdout) as readonly string[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The chunks that are fetched before the entry runs. */
function staticChunks({ outputs }: Metafile): readonly string[] {
  const entry = Object.keys(outputs).find((file) => outputs[file]?.entryPoint?.endsWith("user.js"));
  if (entry === undefined) throw new Error("The bundle has no entry");
  const found = [entry];
  for (const file of found) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && !found.includes(path)) found.push(path);
    }
  }
  return found;
}

function packagesIn({ outputs }: Metafile, files: readonly string[]): readonly string[] {
  const inputs = files.flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}));
  const packages = inputs
    .filter(([path, { bytesInOutput }]) => !path.endsWith("user.js") && bytesInOutput > 0)
    .map(([path]) => packageOf(path));
  return [...new Set(packages)].sort();
}

/** The package that a file belongs to: one of the workspace, or an installed one. */
function packageOf(path: string): string {
  const own = /packages\/([a-z]+)\/dist\//.exec(path)?.[1];
  if (own !== undefined) return own === "kmslite" ? own : `@kmslite/${own}`;
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? path;
}
