/** Runtimes that are processes: Node.js in several versions, Deno, Bun. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Answer, Question } from "../behaviours/platform.ts";
import { bundle } from "./bundle.ts";
import { installed } from "./installed.ts";
import type { Runtime } from "./runtime.ts";

const run = promisify(execFile);
const LIMIT = { timeout: 300_000 };

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
      const script = join(folder, "suite.mjs");
      writeFileSync(script, await bundle("process.ts", ["node:*"]));
      const { stdout } = await run(program, ["--version"]);
      const version = stdout.match(/\d+\.\d+\.\d+/)?.[0] ?? stdout.trim();
      const asking = (question: Question) => {
        const [asked, answered] = ["question", "answer"].map((kind) =>
          join(folder, `${kind}-${crypto.randomUUID()}.json`),
        ) as [string, string];
        writeFileSync(asked, JSON.stringify(question));
        return { answered, running: run(program, [...options, script, folder, asked, answered], LIMIT) };
      };
      const ask = async (question: Question): Promise<Answer> => {
        const { answered, running } = asking(question);
        await running;
        return JSON.parse(readFileSync(answered, "utf8")) as Answer;
      };
      return {
        version: () => version,
        ask,
        askTogether: (questions) => Promise.all(questions.map(ask)),
        askAndKill: async (question, time) => {
          const { running } = asking(question);
          const ended = running.catch((error: unknown) => error);
          await Promise.race([time, ended]);
          running.child.kill("SIGKILL");
          await ended;
        },
        stop: async () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
}
