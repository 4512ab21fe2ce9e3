/** Runtimes that are processes: Node.js in several versions, Deno, Bun. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Answer } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import { installed } from "./installed.ts";
import type { Runtime } from "./runtime.ts";

const run = promisify(execFile);

export function processRuntimes(): Runtime[] {
  return [
    processRuntime("Node.js 20", installed("node-20/bin/node")),
    processRuntime("Node.js 22", installed("node-22/bin/node")),
    processRuntime("Node.js 24", installed("node-24/bin/node")),
    processRuntime("Node.js 26", process.execPath),
    processRuntime("Deno", installed("deno/deno"), ["run", "--allow-all", "--unstable-kv"]),
    processRuntime("Bun", installed("bun/bin/bun.exe")),
  ];
}

function processRuntime(name: string, program: string, options: readonly string[] = []): Runtime {
  return {
    name,
    find: async () => (existsSync(program) ? program : undefined),
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), "kmslite-runtime-"));
      const [script, asked, answered] = ["suite.mjs", "question.json", "answer.json"].map((file) =>
        join(folder, file),
      ) as [string, string, string];
      writeFileSync(script, await bundle("process.ts", ["node:*"]));
      const { stdout } = await run(program, ["--version"]);
      const version = stdout.match(/\d+\.\d+\.\d+/)?.[0] ?? stdout.trim();
      return {
        version: () => version,
        ask: async (question) => {
          writeFileSync(asked, JSON.stringify(question));
          await run(program, [...options, script, folder, asked, answered], { timeout: 300_000 });
          return JSON.parse(readFileSync(answered, "utf8")) as Answer;
        },
        stop: async () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
}
