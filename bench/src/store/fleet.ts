/** Processes over one store that work at the same time, and how much they get done together. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What a process does: changes a key (one commit), reads a key past the cache, or encrypts 32 bytes with a cached key. */
export type Task = "update" | "describe" | "encrypt-32B";

/** What a process is told at its start: which store, and the database's URL or the file's path. */
export interface Setting {
  readonly kind: "postgres" | "sqlite" | "memory";
  readonly at: string;
}

/** The program of a process; a bundle of the benchmarks has none. */
export const WORKER: string = join(import.meta.dirname, "worker.ts");

export type Command = { readonly task: Task; readonly milliseconds: number } | "stop";

export interface Done {
  readonly operations: number;
}

export class BenchFleet {
  readonly #processes: readonly ChildProcess[];

  private constructor(processes: readonly ChildProcess[]) {
    this.#processes = processes;
  }

  static async start(setting: Setting, size: number): Promise<BenchFleet> {
    const processes: ChildProcess[] = [];
    for (let i = 0; i < size; i++) {
      const child = fork(WORKER, [JSON.stringify(setting)]);
      processes.push(child);
      await answerOf(child);
    }
    return new BenchFleet(processes);
  }

  /** Has the first `count` processes work together. @returns nanoseconds per operation of all of them */
  async sample(count: number, task: Task, milliseconds: number): Promise<number> {
    const working = this.#processes.slice(0, count);
    const began = performance.now();
    const answers = working.map((child) => {
      child.send({ task, milliseconds } satisfies Command);
      return answerOf(child);
    });
    const operations = (await Promise.all(answers)).reduce((sum, done) => sum + done.operations, 0);
    return ((performance.now() - began) * 1e6) / operations;
  }

  async stop(): Promise<void> {
    for (const child of this.#processes) {
      child.send("stop" satisfies Command);
      if (child.exitCode === null) await once(child, "exit");
    }
  }
}

function answerOf(child: ChildProcess): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("a process of the benchmark ended"));
    child.once("exit", ended);
    child.once("message", (done) => {
      child.off("exit", ended);
      resolve(done as Done);
    });
  });
}
