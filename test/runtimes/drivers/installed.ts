/** Where `pnpm runtimes:install` puts the runtimes that npm has; they are no part of the workspace. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const INSTALLED = join(import.meta.dirname, "../node_modules");

export function installed(path: string): string {
  return join(INSTALLED, path);
}

/** The version of a package, or undefined if it is not installed. */
export function installedVersion(name: string): string | undefined {
  const manifest = installed(`${name}/package.json`);
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Imports a file of an installed package. As nobody can know its types, the caller says as much of them as it needs. */
export async function importInstalled<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(installed(path)).href)) as Module;
}
