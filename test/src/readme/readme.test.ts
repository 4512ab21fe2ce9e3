import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The README is run as it stands: whoever copies its code gets what it says. */
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const [embedded = "", onNode = ""] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = ""]) => code);

/** Runs a module where `kmslite` is installed, in a folder of its own. */
function run(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kmslite-readme-"));
  try {
    symlinkSync(join(root, "test", "node_modules"), join(folder, "node_modules"));
    const args = ["--input-type=module", "-"];
    return execFileSync(process.execPath, args, { cwd: folder, input: code, encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the embedding example prints what its comment says, in ten lines", () => {
  expect(run(embedded)).toBe("hello\n");
  expect(embedded.trim().split("\n").length).toBeLessThanOrEqual(10);
});

test("the example for Node.js lists the keys of a new KMS", () => {
  expect(run(onNode)).toBe("[]\n");
});

test("the example of @kmslite/crypto prints what its comment says", () => {
  const text = readFileSync(join(root, "packages", "crypto", "README.md"), "utf8");
  const [, example = ""] = /```js\n(.*?)```/s.exec(text) ?? [];
  expect(run(example)).toBe("true\n");
});

test("the commands are scripts of the workspace", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const named = [...readme.matchAll(/npx -y pnpm@12 (\w+)/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(["start", "test", "exec"]));
  expect(scripts).toHaveProperty("start");
  expect(scripts).toHaveProperty("test");
});

test("the commands of the command line are those that it has", () => {
  const listed = /other\ncommands \(([^)]*)\)/.exec(readme)?.[1] ?? "";
  const named = [...listed.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(3);
  const kmslite = join(root, "packages", "kmslite", "bin", "kmslite.js");
  for (const name of named) expect(spawnSync(process.execPath, [kmslite, name, "--help"]).status).toBe(0);
});

test("every link leads somewhere", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = ""]) => link);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});
