/** The processes of the HTTP figures, each held to a core where `taskset` can do that: servers to the first, the client to the second. */
import { type ChildProcess, execFile, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { LoadOrder } from "./load.ts";

const KMSLITE = join(
  dirname(createRequire(import.meta.url).resolve("kmslite/package.json")),
  "bin/kmslite.js",
);

/** The programs; a bundle of the benchmarks has none. */
export const BARE_SERVER: string = join(import.meta.dirname, "bare-server.ts");
const LOAD = join(import.meta.dirname, "load.ts");

const TASKSET = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

function startOnCore(core: 0 | 1, parameters: readonly string[], stdio: StdioOptions): ChildProcess {
  const program = [process.execPath, ...parameters];
  const [command = "", ...rest] = TASKSET ? ["taskset", "-c", String(core), ...program] : program;
  return spawn(command, rest, { stdio });
}

/** A server that says in its first line where it is. */
export interface BenchServer<Said> {
  readonly said: Said;
  readonly stop: () => Promise<void>;
}

/** Its log goes where logs cost least. */
export async function startServer<Said>(parameters: readonly string[]): Promise<BenchServer<Said>> {
  const child = startOnCore(0, parameters, ["ignore", "pipe", "ignore"]);
  if (child.stdout === null) throw new Error("no standard output");
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return { said: JSON.parse(value as string) as Said, stop: () => stop(child) };
}

/** `kmslite …` as its users have it. */
export const kmsliteCommand = (...parameters: readonly string[]): readonly string[] => [
  KMSLITE,
  ...parameters,
];

/** Runs a command of the command line. @returns what it printed, as JSON */
export async function runKmslite(...parameters: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [KMSLITE, ...parameters, "--json"]);
  return JSON.parse(stdout);
}

export interface LoadClient {
  /** @returns nanoseconds per request */
  readonly sample: (order: LoadOrder) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export async function startClient(): Promise<LoadClient> {
  const child = startOnCore(1, [LOAD], ["ignore", "ignore", "inherit", "ipc"]);
  await answerOf(child);
  return {
    sample: async (order) => {
      child.send(order);
      const { operations, milliseconds } = (await answerOf(child)) as Record<string, number>;
      return ((milliseconds ?? 0) * 1e6) / (operations ?? 0);
    },
    stop: () => stop(child),
  };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("a process of the benchmark ended"));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
