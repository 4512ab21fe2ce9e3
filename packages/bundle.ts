// Makes the JavaScript of every package, from its sources: one module for each entry of its manifest, and one for what is
// loaded on demand, so that a process opens a dozen files and not two hundred (docs/decisions/0051-modules-as-published.md).
// Types come from the compiler, beside them. Other packages stay imports.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ChunkingContext, type OutputOptions, rolldown } from "rolldown";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** Entries that no manifest exports: the command line, by way of its committed executable. */
const MORE_ENTRIES: Readonly<Record<string, readonly string[]>> = { kmslite: ["cli/main"] };

/**
 * Packages that load much on demand. What their main entry needs at once is kept in one module: it would otherwise be cut into
 * as many pieces as there are sets of chunks that share a part of it, each of them to be fetched before the first line runs.
 */
const ONE_CORE: ReadonlySet<string> = new Set(["aead", "service"]);

/** Folders of the service whose modules, and the operations over them, are loaded together. */
const SUBJECTS = ["audit", "key-stores", "xks", "grants", "import", "managed", "quotas", "recipient"];

/** An entry of another package that is no part of the core. */
const FAMILY = /^@kmslite\/(?:crypto\/|policy)/;

/**
 * Files that take what they import of `@noble/hashes` into their module. The families of algorithms import it too, all of SHA-2, and
 * bundlers don't divide a file: without a copy of its own the symmetric core would carry SHA-512 in every download.
 */
const INLINED = ["bytes.ts", "hmac-key.ts", "sha256.ts"].map((file) => join("packages/crypto/src", file));

const NOBLE_LICENCE = "/*! With parts of @noble/hashes, MIT License, (c) 2022 Paul Miller (paulmillr.com) */";

await Promise.all(
  readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => bundle(entry.name)),
);

async function bundle(name: string): Promise<void> {
  const directory = join(import.meta.dirname, name);
  const input = Object.fromEntries(
    entriesOf(directory, name).map((entry) => [entry, join(directory, "src", `${entry}.ts`)]),
  );
  const bundled = await rolldown({
    input,
    platform: "neutral",
    // What entries share may lie in one of them, which is one module fewer to open; but not chunks that are loaded on demand.
    preserveEntrySignatures: name === "service" ? "exports-only" : "allow-extension",
    external: (id, importer) =>
      !/^[./]/.test(id) && !INLINED.some((file) => importer?.endsWith(file) === true),
    onLog: (level, log) => {
      // What is loaded on demand may well import more of its own chunk on demand.
      if (level === "warn" && log.code !== "INEFFECTIVE_DYNAMIC_IMPORT")
        throw new Error(`${name}: ${log.message}`);
    },
  });
  const { output } = await bundled.generate(outputOptions(directory, name));
  await bundled.close();
  const files = new Map(output.map((file) => [file.fileName, "code" in file ? file.code : file.source]));
  removeOthers(join(directory, "dist"), files);
  for (const [file, contents] of files) {
    mkdirSync(dirname(join(directory, "dist", file)), { recursive: true });
    writeFileSync(join(directory, "dist", file), contents);
  }
}

function entriesOf(directory: string, name: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
  const exported = Object.values(manifest.exports).flatMap((target) => {
    const path = typeof target === "string" ? target : target.default;
    return /^\.\/dist\/(.+)\.js$/.exec(path)?.[1] ?? [];
  });
  return [...exported, ...(MORE_ENTRIES[name] ?? [])];
}

function outputOptions(directory: string, name: string): OutputOptions {
  const options: OutputOptions = {
    format: "esm",
    sourcemap: true,
    comments: { jsdoc: false },
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    banner: ({ moduleIds }) => (moduleIds.some((id) => id.includes("/@noble/hashes/")) ? NOBLE_LICENCE : ""),
  };
  if (!ONE_CORE.has(name)) return options;
  const sources = join(directory, "src");
  const core = staticGraph(join(sources, "index.ts"));
  const otherEntries = entriesOf(directory, name)
    .filter((entry) => entry !== "index")
    .map((entry) => ({ entry, graph: staticGraph(join(sources, `${entry}.ts`)) }));
  const messages = staticGraph(join(sources, "messages.ts"));
  const coreOf = (id: string, graph: ChunkingContext) => {
    // What the KMS takes of it is an entry of its own, which the main one builds upon.
    if (name === "aead" && messages(graph).has(id)) return "messages";
    return core(graph).has(id) ? "core" : null;
  };
  const nameOf = (id: string, graph: ChunkingContext) => {
    // What is an entry for others too must not bring a whole subject along, nor what only another entry needs.
    const reachedFrom = otherEntries.filter((other) => other.graph(graph).has(id)).map(({ entry }) => entry);
    if (reachedFrom.length > 0)
      return name === "service" ? `entries-${reachedFrom.join("-").replaceAll("/", "-")}` : null;
    if (name !== "service") return null;
    return subjectOf(id, sources, graph);
  };
  // The core first: a chunk takes what it imports along, and of two groups alike the one whose name comes first would win.
  const groups = [
    { debugName: "core", name: coreOf, priority: 1 },
    { debugName: "subjects", name: nameOf },
  ];
  return { ...options, codeSplitting: { groups, includeDependenciesRecursively: name !== "aead" } };
}

/** What an entry imports, directly or by others, but not by `import()`. */
function staticGraph(entry: string): (graph: ChunkingContext) => ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string, graph: ChunkingContext): void => {
    const module = graph.getModuleInfo(id);
    if (module === null || found.has(id)) return;
    found.add(id);
    for (const imported of module.importedIds) visit(imported, graph);
  };
  return (graph) => {
    if (found.size === 0) visit(entry, graph);
    return found;
  };
}

/**
 * The chunk of a module that is loaded on demand: by the first of {@link SUBJECTS} that it reaches, or `more`. What reaches a family of
 * algorithms stays alone. Operations are a few hundred bytes each: by subject they are one download instead of ten, and the core
 * has fewer names to know.
 */
function subjectOf(id: string, sources: string, graph: ChunkingContext): string | null {
  // Every CreateKey under AWS's quotas loads it: it comes alone.
  if (id === join(sources, "quotas/key-quota.ts")) return "key-quota";
  const reached = [...staticGraph(id)(graph)];
  const imports = reached.flatMap((module) => graph.getModuleInfo(module)?.importedIds ?? []);
  if (imports.some((imported) => FAMILY.test(imported))) return null;
  const reaches = (subject: string) =>
    reached.some((module) => module.startsWith(join(sources, subject, "/")));
  return SUBJECTS.find(reaches) ?? "more";
}

/** Removes what an earlier build made and this one does not. */
function removeOthers(dist: string, files: ReadonlyMap<string, unknown>): void {
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (/\.js(\.map)?$/.test(file) && !files.has(file)) rmSync(join(dist, file));
  }
}
