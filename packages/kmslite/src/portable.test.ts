import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

/** `import "x"`, `import … from "x"` and `export … from "x"`, as the compiler writes them. */
const IMPORT = /^(?:import\s+|(?:import|export)\s[^"';]*?\sfrom\s+)["']([^"']+)["']/gm;

const sources = dirname(fileURLToPath(import.meta.url));

test("the main entry needs nothing of Node.js, with everything that it imports", () => {
  const builtIn = [...modulesFrom(join(sources, "..", "dist", "index.js"))].filter((name) =>
    name.startsWith("node:"),
  );
  expect(builtIn).toEqual([]);
});

test("the entry for Node.js is another one", () => {
  expect([...modulesFrom(join(sources, "..", "dist", "node", "index.js"))]).toContain("node:path");
});

/** Every module that is reached by static imports: files by their paths, built-in ones by their names. */
function modulesFrom(entry: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const text = readFileSync(entry, "utf8");
  for (const [, specifier = ""] of text.matchAll(IMPORT)) {
    if (specifier.startsWith("node:")) seen.add(specifier);
    else modulesFrom(resolve(specifier, entry), seen);
  }
  return seen;
}

function resolve(specifier: string, importer: string): string {
  if (specifier.startsWith(".")) return join(dirname(importer), specifier);
  return createRequire(pathToFileURL(importer)).resolve(specifier);
}
