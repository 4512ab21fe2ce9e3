/** Examples as a newcomer has them: copied to a folder of their own, with the packages as they would be published. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../../..");

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The packages, packed and unpacked: a folder to make `node_modules` of. */
export interface Packed {
  /** Copies an example and installs what it depends on; what is not ours is linked from the workspace. */
  install(example: string): string;
  remove(): void;
}

export function pack(): Packed {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-examples-"));
  const modules = join(folder, "node_modules");
  const packages = readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, "packages", entry.name));
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder, ...packages], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const directory of packages) {
    const { name, dependencies = {} } = manifestOf(directory);
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    const tarball = `${name.replace("@", "").replace("/", "-")}-0.1.0.tgz`;
    execFileSync("tar", ["-xzf", join(folder, tarball), "--strip-components=1", "-C", target]);
    for (const dependency of Object.keys(dependencies))
      if (!isOurs(dependency)) link(modules, dependency, directory);
  }
  return {
    install: (example) => {
      const copy = join(folder, example);
      cpSync(join(root, "examples", example), copy, { recursive: true });
      const { dependencies = {}, devDependencies = {} } = manifestOf(copy);
      for (const dependency of Object.keys({ ...dependencies, ...devDependencies }))
        if (!isOurs(dependency)) link(modules, dependency, join(root, "test"));
      return copy;
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Runs a script of an example's package.json, as `npm run` does. */
export function runScript(example: string, name: string): void {
  const bin = join(root, "test/node_modules/.bin");
  execFileSync("sh", ["-c", manifestOf(example).scripts?.[name] ?? "false"], {
    cwd: example,
    env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
    stdio: ["ignore", "ignore", "inherit"],
    timeout: 60_000,
  });
}

function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

function isOurs(name: string): boolean {
  return name === "kmslite" || name.startsWith("@kmslite/");
}

/** A tool that is not in the workspace is not linked: the runtime's own test names it as skipped. */
function link(modules: string, name: string, from: string): void {
  const installed = join(from, "node_modules", name);
  const target = join(modules, name);
  if (!existsSync(installed) || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(realpathSync(installed), target);
}
