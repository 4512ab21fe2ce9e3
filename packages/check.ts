// Checks every package as its users will get it: what publint says, that imports run downwards only, and that the
// embeddable packages need @noble/* alone. A package can import only what its manifest lists, so manifests are enough.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const here = dirname(fileURLToPath(import.meta.url));

/** What each package may import of the others (docs/architecture.md). */
const DOWNWARDS: Readonly<Record<string, readonly string[]>> = {
  aead: [],
  policy: [],
  crypto: ["aead"],
  store: ["crypto"],
  hierarchy: ["crypto", "aead"],
  service: ["policy", "crypto", "hierarchy", "store"],
  wire: ["service"],
  kmslite: ["wire", "service", "hierarchy", "store"],
};

/** The front door has a server and a command line besides the library. */
const SERVER_PACKAGE = "kmslite";
const SERVER_DEPENDENCIES = ["@hono/node-server", "commander", "yaml"];

const complaints: string[] = [];
for (const entry of readdirSync(here, { withFileTypes: true })) {
  if (entry.isDirectory()) complaints.push(...(await complaintsOf(join(here, entry.name))));
}
for (const complaint of complaints) console.error(complaint);
console.log(`packages: ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;

async function complaintsOf(directory: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
  const { messages } = await publint({ pkgDir: directory, strict: true, pack: "npm" });
  const found = messages.map(
    (message) => `${manifest.name}: ${formatMessage(message, manifest) ?? message.code}`,
  );
  const layer = basename(directory);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    const own = DOWNWARDS[layer]?.some((below) => dependency === `@kmslite/${below}`) === true;
    const noble = dependency.startsWith("@noble/");
    const server = manifest.name === SERVER_PACKAGE && SERVER_DEPENDENCIES.includes(dependency);
    if (!own && !noble && !server) found.push(`${manifest.name}: may not depend on ${dependency}`);
  }
  return found;
}
